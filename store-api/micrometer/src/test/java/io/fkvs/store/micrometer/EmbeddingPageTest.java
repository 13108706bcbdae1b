package io.fkvs.store.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles and runs every block of Java in {@code docs/embedding.md}, and compares what it says
 * with the comments in it. It stands here because this module has everything to run on that the
 * page names.
 */
class EmbeddingPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "embedding.md");
  private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern EXPECTED = Pattern.compile("out\\.add\\(.*\\); // (.*)");

  private static final String HEAD =
      """
      import io.fkvs.store.*;
      import io.fkvs.store.durable.*;
      import io.fkvs.store.jcache.*;
      import io.fkvs.store.micrometer.*;
      import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
      import java.lang.foreign.*;
      import java.nio.ByteBuffer;
      import java.nio.charset.StandardCharsets;
      import java.nio.file.Path;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.concurrent.atomic.AtomicLong;
      import javax.cache.*;
      import javax.cache.configuration.MutableConfiguration;

      public class Block {
        static byte[] bytes(String text) {
          return text.getBytes(StandardCharsets.UTF_8);
        }

        public static void run(List<Object> out, Path folder) throws Exception {
      """;

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> shouldDoWhatThePageSays() throws IOException {
    Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
    List<DynamicTest> tests = new ArrayList<>();
    while (blocks.find()) {
      String code = blocks.group(1);
      Path target = Files.createDirectory(folder.resolve("block" + tests.size()));
      tests.add(DynamicTest.dynamicTest(target.getFileName().toString(), () -> run(code, target)));
    }
    assertTrue(tests.size() > 8, "blocks=" + tests.size());
    return tests.stream();
  }

  private static void run(String code, Path target) throws Exception {
    List<String> expected = EXPECTED.matcher(code).results().map(found -> found.group(1)).toList();
    assertFalse(expected.isEmpty(), "a block says nothing:\n" + code);
    compile(HEAD + code + "}}", target);
    List<Object> out = new ArrayList<>();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {target.toUri().toURL()})) {
      loader.loadClass("Block").getMethod("run", List.class, Path.class).invoke(null, out, target);
    }
    assertEquals(expected, out.stream().map(String::valueOf).toList());
  }

  private static void compile(String source, Path target) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Block.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options =
        List.of("-d", target.toString(), "-cp", System.getProperty("java.class.path"));
    boolean done = compiler.getTask(messages, null, null, options, null, List.of(file)).call();
    assertTrue(done, () -> messages + "\nin:\n" + source);
  }
}
