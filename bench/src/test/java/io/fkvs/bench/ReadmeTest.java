package io.fkvs.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs what the README shows. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final String FENCE = "```";

  @Test
  void shouldPrintTheGreetingWhenTheEmbeddingExampleRuns(@TempDir Path folder) throws Exception {
    compile(example(1), folder);

    assertEquals("hello 1" + System.lineSeparator(), run(folder));
  }

  @Test
  void shouldFindWhatWasThereWhenTheExampleOnDiskRunsAgain(@TempDir Path folder) throws Exception {
    compile(example(2).replace("\"data\"", '"' + folder.resolve("data").toString() + '"'), folder);

    assertEquals("1" + System.lineSeparator(), run(folder));
    assertEquals("2" + System.lineSeparator(), run(folder));
  }

  @Test
  void shouldLoadWhatIsMissingWhenTheExampleOfACacheRuns(@TempDir Path folder) throws Exception {
    compile(example(3), folder);

    assertEquals("loaded page" + System.lineSeparator(), run(folder));
  }

  @Test
  void shouldStayUnderAHundredLines() throws IOException {
    int count = Files.readAllLines(README).size();
    assertTrue(count < 100, () -> "README is too long: lines=" + count);
  }

  /** The first, second and so on block of Java. */
  private static String example(int number) throws IOException {
    return Files.readString(README).split(FENCE + "java")[number].split(FENCE)[0];
  }

  /** Makes a program of statements. */
  private static void compile(String statements, Path folder) throws IOException {
    Path source = folder.resolve("Example.java");
    Files.writeString(
        source,
        """
        import io.fkvs.store.*;
        import io.fkvs.store.durable.*;
        import java.nio.file.Path;
        import java.time.Duration;

        public class Example {
          public static void main(String[] args) {
            %s
          }
        }
        """
            .formatted(statements));
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      StringWriter problems = new StringWriter();
      boolean compiled =
          compiler
              .getTask(
                  problems,
                  files,
                  null,
                  List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, problems::toString);
    }
  }

  private static String run(Path folder) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object) null);
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
