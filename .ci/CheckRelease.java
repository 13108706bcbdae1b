import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Compares what was deployed with what Maven Central demands: CheckRelease REPOSITORY_FOLDER.
 * Prints each fault and exits with 1 where there are any. Signatures and the place of the project
 * are demanded of a release, not of a snapshot.
 */
final class CheckRelease {
  private static final Set<String> POMS = Set.of("fkvs-parent", "fkvs-bom");
  private static final Set<String> JARS =
      Set.of(
          "fkvs-store-api",
          "fkvs-contract-kit",
          "fkvs-crash-kit",
          "fkvs-store-durable",
          "fkvs-jcache",
          "fkvs-micrometer",
          "fkvs-store-chained",
          "fkvs-store-swiss",
          "fkvs-wire",
          "fkvs-uring",
          "fkvs-client",
          "fkvs-history-kit",
          "fkvs-server",
          "fkvs-server-resp",
          "fkvs-server-app");

  /** What the effective pom says, as paths of elements. */
  private static final List<String> ELEMENTS =
      List.of(
          "modelVersion",
          "name",
          "description",
          "url",
          "licenses/license/name",
          "licenses/license/url",
          "developers/developer/name",
          "scm/url",
          "scm/connection",
          "scm/developerConnection");

  /** What a module says itself, because inherited it would be said of another. */
  private static final Set<String> OWN = Set.of("modelVersion", "name", "description");

  private final Path group;
  private final Map<String, Path> poms = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();

  private CheckRelease(Path repository) {
    group = repository.resolve("io/fkvs");
  }

  public static void main(String[] args) throws Exception {
    CheckRelease check = new CheckRelease(Path.of(args[0]));
    check.run();
    check.faults.forEach(System.err::println);
    System.out.println(
        "deployed: artifacts=" + check.poms.keySet() + ", faults=" + check.faults.size());
    System.exit(check.faults.isEmpty() ? 0 : 1);
  }

  private void run() throws Exception {
    for (Path artifact : list(group)) {
      for (Path version : list(artifact)) {
        checkFiles(artifact.getFileName().toString(), version);
      }
    }
    Set<String> expected = new TreeSet<>(POMS);
    expected.addAll(JARS);
    if (!poms.keySet().equals(expected)) {
      faults.add("wrong artifacts: expected=" + expected + ", deployed=" + poms.keySet());
      return;
    }
    for (String name : expected) {
      checkPom(name);
    }
    checkBom();
  }

  private void checkFiles(String name, Path folder) throws IOException {
    boolean isSnapshot = folder.getFileName().toString().endsWith("-SNAPSHOT");
    List<Path> files =
        list(folder).stream()
            .filter(
                f -> !f.getFileName().toString().matches("maven-metadata.*|.*\\.(md5|sha1|asc)"))
            .toList();
    for (Path file : files) {
      for (String suffix : isSnapshot ? List.of("md5", "sha1") : List.of("md5", "sha1", "asc")) {
        if (!Files.exists(Path.of(file + "." + suffix))) {
          faults.add("no " + suffix + ": file=" + file.getFileName());
        }
      }
    }
    files.stream().filter(f -> f.toString().endsWith(".pom")).forEach(f -> poms.put(name, f));
    if (!poms.containsKey(name)) {
      faults.add("no pom: artifact=" + name);
    } else if (JARS.contains(name)) {
      checkJar(name, "", "module-info.class"::equals);
      checkJar(name, "-sources", entry -> entry.endsWith(".java"));
      checkJar(name, "-javadoc", "index.html"::equals);
    }
  }

  private void checkJar(String name, String classifier, Predicate<String> holds)
      throws IOException {
    Path jar = Path.of(poms.get(name).toString().replaceAll("\\.pom$", classifier + ".jar"));
    if (!Files.exists(jar)) {
      faults.add("no jar: file=" + jar.getFileName());
      return;
    }
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      if (zip.stream().noneMatch(entry -> holds.test(entry.getName()))) {
        faults.add("jar does not hold what it should: file=" + jar.getFileName());
      }
    }
  }

  private void checkPom(String name) throws Exception {
    Element pom = read(poms.get(name));
    Element parent = first(pom, "parent") == null ? null : read(poms.get("fkvs-parent"));
    boolean isSnapshot = (text(pom, "version") + text(pom, "parent/version")).contains("-SNAPSHOT");
    String home = text(parent == null ? pom : parent, "properties/project.home");
    if (!isSnapshot && home.contains(".invalid")) {
      faults.add("project.home is not set: artifact=" + name + ", home=" + home);
    }
    for (String path : ELEMENTS) {
      String text = text(pom, path);
      if (text.isEmpty() && parent != null && !OWN.contains(path)) {
        text = text(parent, path);
      }
      if (text.replace("${project.home}", home).isBlank()) {
        faults.add("pom lacks an element: artifact=" + name + ", element=" + path);
      }
    }
  }

  /** The BOM names every artifact but the poms that nobody depends on, and says the same place. */
  private void checkBom() throws Exception {
    Element bom = read(poms.get("fkvs-bom"));
    Set<String> named =
        children(first(first(bom, "dependencyManagement"), "dependencies"), "dependency").stream()
            .map(dependency -> text(dependency, "artifactId"))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!named.equals(JARS)) {
      faults.add("BOM names other artifacts: expected=" + JARS + ", named=" + named);
    }
    Element parent = read(poms.get("fkvs-parent"));
    Map<String, String> differing = new HashMap<>();
    for (String path : List.of("version", "properties/project.home")) {
      if (!text(bom, path).equals(text(parent, path))) {
        differing.put(path, text(bom, path));
      }
    }
    if (!differing.isEmpty()) {
      faults.add("BOM differs from the parent: elements=" + differing);
    }
  }

  // ---- files and elements

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(f -> !f.getFileName().toString().startsWith("maven-metadata"))
          .sorted()
          .toList();
    }
  }

  private static Element read(Path pom) throws Exception {
    try (InputStream in = Files.newInputStream(pom)) {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(in)
          .getDocumentElement();
    }
  }

  private static String text(Element from, String path) {
    Element at = from;
    for (String name : path.split("/")) {
      at = at == null ? null : first(at, name);
    }
    return at == null ? "" : at.getTextContent().strip();
  }

  private static Element first(Element from, String name) {
    List<Element> found = children(from, name);
    return found.isEmpty() ? null : found.getFirst();
  }

  private static List<Element> children(Element from, String name) {
    List<Element> found = new ArrayList<>();
    for (Node at = from.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }
}
