// Tests data against shapes as Jena's engine does: a line for each finding, with its messages.
import org.apache.jena.graph.Graph;
import org.apache.jena.query.Dataset;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.Shapes;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.graph.GraphFactory;

public class TestShapes {
    public static void main(String[] files) {
        Shapes shapes = Shapes.parse(RDFDataMgr.loadGraph(files[0]));
        DatasetGraph data = RDFDataMgr.loadDatasetGraph(files[1]);
        Graph whole = GraphFactory.createDefaultGraph();
        data.find().forEachRemaining(quad -> whole.add(quad.asTriple()));
        ShaclValidator.get().validate(shapes, whole).getEntries().forEach(
            entry -> System.out.println(entry.focusNode() + "\t" + entry.message()));
    }
}
