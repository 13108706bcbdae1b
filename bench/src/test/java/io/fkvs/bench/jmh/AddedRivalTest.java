package io.fkvs.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code fkvs-jmh} with a jar of the user's, as for a rival that the build does not
 * bring along. A map of the expected name stands in for it; the script's build is left out.
 */
class AddedRivalTest {
  private static final String NAME = "io/github/bluuewhale/hashsmith/SwissSimdMap";

  @TempDir Path folder;

  @Test
  void shouldMeasureARivalWhoseJarTheUserAdds() throws Exception {
    Path out = folder.resolve("out");
    String said = measure(out, standIn());

    RunData data = RunFolder.existing(out).read();
    assertEquals(
        List.of("HashSmith-SIMD"),
        data.measurements().stream().map(Measurement::table).toList(),
        said);
    assertTrue(data.measurements().getFirst().score() > 0);
    assertEquals(List.of(), data.facts().failures());
    assertEquals(
        "class is not on the class path: name=io.github.bluuewhale.hashsmith.SwissSwarMap",
        data.facts().leftOut().get("HashSmith-SWAR"));
    String page = Files.readString(out.resolve("index.html"));
    assertTrue(page.contains("<tr data-table=\"HashSmith-SIMD\""), page);
    assertTrue(page.contains("<td>HashSmith-SIMD</td><td>library</td><td>keys in a wrapper"), page);
  }

  private String measure(Path out, Path jar) throws Exception {
    Path script = Files.createDirectories(folder.resolve("bin")).resolve("fkvs-jmh");
    Files.copy(Path.of("..", "bin", "fkvs-jmh"), script);
    Files.writeString(
        script.resolveSibling("launch.sh"),
        """
        root='%s'
        java='%s/bin/java'
        prepare() {
          app='%s'
        }
        """
            .formatted(folder, System.getProperty("java.home"), app()));
    List<String> command = new ArrayList<>(List.of("sh", script.toString(), "--quick"));
    command.addAll(List.of("--out", out.toString()));
    command.addAll(List.of("-p", "table=HashSmith-SIMD,HashSmith-SWAR", "-p", "size=100"));
    command.addAll(List.of("-f", "1", "-wi", "0", "-i", "1", "-r", "5ms"));
    command.addAll(List.of("-jvmArgsAppend", "-Xms32m -Xmx32m", "getHit$"));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("FKVS_JMH_JARS", jar.toString());
    builder.environment().put("FKVS_JAVA_OPTS", "-Djmh.ignoreLock=true");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  /** A folder as the build leaves it, whose one jar names all that these tests run with. */
  private Path app() throws IOException {
    Manifest manifest = manifest();
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Stream.of(System.getProperty("java.class.path").split(":"))
                .map(path -> Path.of(path).toUri().toString())
                .collect(Collectors.joining(" ")));
    Path app = Files.createDirectories(folder.resolve("app"));
    try (OutputStream file = Files.newOutputStream(app.resolve("all.jar"))) {
      new JarOutputStream(file, manifest).close();
    }
    return app;
  }

  /** A jar with a map of the name that is looked for. */
  private Path standIn() throws IOException {
    Path source = folder.resolve("src").resolve(NAME + ".java");
    Files.createDirectories(source.getParent());
    Files.writeString(
        source,
        """
        package io.github.bluuewhale.hashsmith;

        public class SwissSimdMap<K, V> extends java.util.HashMap<K, V> {}
        """);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", folder.toString(), source.toString());
    assertEquals(0, status);
    Path jar = folder.resolve("stand-in.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest())) {
      out.putNextEntry(new JarEntry(NAME + ".class"));
      Files.copy(folder.resolve(NAME + ".class"), out);
    }
    return jar;
  }

  private static Manifest manifest() {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    return manifest;
  }
}
