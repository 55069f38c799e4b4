# Zhengling in an image: the wheel, and the packages of constraints.txt checked by hash, for a user without rights.
#   docker build --tag zhengling .
#   docker run --rm --volume ./papers:/papers:ro --volume workspace:/workspace zhengling build /papers

FROM python:3.13-slim-bookworm AS build
WORKDIR /source
COPY . .
# The versions are those of the wheels that were checked.
# hadolint ignore=DL3013
RUN sed '/^# work:/,$d' constraints.txt >program.txt \
 && python -m venv /opt/zhengling \
 && python -m pip download --quiet --require-hashes --only-binary :all: --no-deps --dest /wheels -r program.txt \
 && python -m pip install --quiet --no-cache-dir --no-index --find-links /wheels --upgrade setuptools \
 && python -m pip wheel --quiet --no-cache-dir --no-index --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/zhengling/bin/python -m pip install --quiet --no-cache-dir --no-index --find-links /wheels 'zhengling[all]'

FROM python:3.13-slim-bookworm
COPY --from=build /opt/zhengling /opt/zhengling
RUN useradd --create-home --uid 10001 zhengling \
 && mkdir /workspace \
 && chown zhengling: /workspace
ENV PATH=/opt/zhengling/bin:$PATH LANG=C.UTF-8
USER 10001
VOLUME /workspace
WORKDIR /workspace
ENTRYPOINT ["zhengling"]
CMD ["--help"]
