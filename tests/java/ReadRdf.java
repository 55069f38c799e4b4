// Reads a file of RDF as Jena does and prints it as N-Quads, a statement a line.
import org.apache.jena.query.Dataset;
import org.apache.jena.query.DatasetFactory;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;

public class ReadRdf {
    public static void main(String[] files) {
        for (String file : files) {
            Dataset data = DatasetFactory.create();
            RDFDataMgr.read(data, file);
            RDFDataMgr.write(System.out, data, Lang.NQUADS);
        }
    }
}
