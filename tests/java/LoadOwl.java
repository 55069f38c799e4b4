// Loads a file as OWL API (and so Protégé) does, and what it imports from the file that is named second. Prints a line
// for each ontology and each class and property that is used, and for what an editor stumbles over: what is nowhere
// declared, and what is two kinds of property at once.
import java.io.File;
import java.util.TreeSet;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.EntityType;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.model.parameters.Imports;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.violations.IllegalPunning;

public class LoadOwl {
    public static void main(String[] files) throws Exception {
        OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
        IRI imported = IRI.create(new File(files[1]));
        manager.getIRIMappers().add(name -> imported);
        OWLOntology whole = manager.loadOntologyFromOntologyDocument(new File(files[0]));
        TreeSet<String> lines = new TreeSet<>();
        whole.importsDeclarations().forEach(one -> lines.add("imports\t" + one.getIRI()));
        whole.importsClosure().forEach(one -> lines.add("ontology\t" + one.getOntologyID().getOntologyIRI().get()));
        whole.signature(Imports.EXCLUDED).filter(one -> one.getEntityType() != EntityType.NAMED_INDIVIDUAL).forEach(one -> {
            lines.add(one.getEntityType().getName() + "\t" + one.getIRI());
            if (!one.isBuiltIn() && whole.importsClosure().noneMatch(part -> part.isDeclared(one))) {
                lines.add("undeclared\t" + one.getIRI());
            }
        });
        new OWL2DLProfile().checkOntology(whole).getViolations().stream().filter(one -> one instanceof IllegalPunning)
            .forEach(one -> lines.add("two kinds\t" + one.getAxiom()));
        lines.add("individuals\t" + whole.individualsInSignature().count());
        lines.forEach(System.out::println);
    }
}
