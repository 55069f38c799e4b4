"""From files to records: readers, the steps of reading, rules and lexicons as data. `pipeline.extract` runs it all."""
