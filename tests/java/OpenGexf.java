// Opens a file as Gephi's importer does, and prints how many nodes there are, and edges of each kind.
import java.io.File;
import java.util.TreeMap;
import org.gephi.graph.api.Edge;
import org.gephi.graph.api.Graph;
import org.gephi.graph.api.GraphController;
import org.gephi.io.importer.api.Container;
import org.gephi.io.importer.api.ImportController;
import org.gephi.io.processor.plugin.DefaultProcessor;
import org.gephi.project.api.ProjectController;
import org.openide.util.Lookup;

public class OpenGexf {
    public static void main(String[] files) throws Exception {
        ProjectController project = Lookup.getDefault().lookup(ProjectController.class);
        project.newProject();
        ImportController reader = Lookup.getDefault().lookup(ImportController.class);
        Container container = reader.importFile(new File(files[0]));
        reader.process(container, new DefaultProcessor(), project.getCurrentWorkspace());
        Graph graph = Lookup.getDefault().lookup(GraphController.class).getGraphModel().getGraph();
        System.out.println("nodes\t" + graph.getNodeCount());
        TreeMap<String, Integer> kinds = new TreeMap<>();
        for (Edge edge : graph.getEdges()) {
            kinds.merge(String.valueOf(edge.getAttribute("relation")), 1, Integer::sum);
        }
        kinds.forEach((kind, count) -> System.out.println(kind + "\t" + count));
    }
}
