package io.fkvs.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.FkvsClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code fkvs-cluster --demo}: what it prints is true, and it leaves nothing behind. */
@Timeout(300)
class DemoTest {
  private static final Pattern PROCESS = Pattern.compile("Member \\d, process (\\d+)");
  private static final Pattern PORT = Pattern.compile(" +classic and compact +127.0.0.1:(\\d+)");

  @TempDir private Path folder;

  private final List<ProcessHandle> members = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            FkvsCluster.class.getName(),
            "--demo")
        .redirectErrorStream(true)
        .start();
  }

  private void read(BufferedReader out, String last) throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      Matcher process = PROCESS.matcher(line);
      if (process.matches()) {
        members.add(ProcessHandle.of(Long.parseLong(process.group(1))).orElseThrow());
      }
      Matcher port = PORT.matcher(line);
      if (port.matches()) {
        ports.add(Integer.parseInt(port.group(1)));
      }
      if (line.contains(last)) {
        return;
      }
    }
    throw new AssertionError("it has ended: " + said);
  }

  @Test
  void shouldRunThreeMembersAndLeaveNothing() throws Exception {
    Process demo = start();
    try (BufferedReader out = demo.inputReader()) {
      read(out, "Ctrl-C ends all of them.");
      assertEquals(3, members.size());
      try (FkvsClient first = FkvsClient.connect("127.0.0.1", ports.get(0));
          FkvsClient second = FkvsClient.connect("127.0.0.1", ports.get(1))) {
        first.set("greeting", "hello");
        assertEquals("hello", second.get("greeting"));

        members.get(2).destroyForcibly();
        read(out, "Member 2 has died (signal 9). The others go on.");
        read(out, "fkvs-cluster -c " + folder);
      }
      demo.toHandle().destroy();

      assertTrue(demo.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, demo.exitValue());
      assertTrue(members.stream().noneMatch(ProcessHandle::isAlive));
      try (Stream<Path> left = Files.list(folder)) {
        assertEquals(List.of(), left.filter(file -> !isOfTheJvm(file)).toList());
      }
    } finally {
      members.forEach(ProcessHandle::destroyForcibly);
      demo.destroyForcibly();
    }
  }

  private static boolean isOfTheJvm(Path file) {
    return file.getFileName().toString().startsWith("hsperfdata");
  }
}
