// Reads files of RDF as RDF4J does, and prints the statements of each as N-Quads, a line each, and an empty line.
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.RDFParser;
import org.eclipse.rdf4j.rio.RDFWriter;
import org.eclipse.rdf4j.rio.Rio;

public class ReadRdfAsRdf4j {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            RDFParser reader = Rio.createParser(Rio.getParserFormatForFileName(file).orElseThrow());
            RDFWriter writer = Rio.createWriter(RDFFormat.NQUADS, System.out);
            reader.setRDFHandler(writer);
            try (InputStream in = new BufferedInputStream(new FileInputStream(file))) {
                reader.parse(in, "");
            }
            System.out.println();
        }
    }
}
