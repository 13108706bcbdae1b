package io.fkvs.bench.load.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompareServersTest {
  private static int run(StringWriter said, Path root, String... arguments) {
    CommandLine command = CompareServers.commandLine().setErr(new PrintWriter(said));
    String[] all = new String[arguments.length + 2];
    all[0] = "--root";
    all[1] = root.toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return command.execute(all);
  }

  @Test
  void shouldRefuseLatencyDepthsThatHaveNoPeak(@TempDir Path root) {
    var said = new StringWriter();
    assertEquals(2, run(said, root, "--depths", "1,4", "--latency-depths", "4,16"));
    assertTrue(
        said.toString()
            .contains(
                "latency depths must be among the depths: latencyDepths=[4, 16], depths=[1, 4]"),
        said.toString());
  }

  @Test
  void shouldRefuseASectionThatIsNone(@TempDir Path root) {
    var said = new StringWriter();
    assertEquals(2, run(said, root, "--sections", "clients"));
    assertTrue(said.toString().contains("'clients'"), said.toString());
  }

  @Test
  void shouldWriteTheTransportsAloneAndFailWhereThereIsNoServer(@TempDir Path root)
      throws Exception {
    Path page = root.resolve("page.md");
    int status =
        run(new StringWriter(), root, "--sections=transports", "--report", page.toString());
    assertEquals(1, status);
    String text = Files.readString(page);
    assertTrue(text.contains("## Transports"), text);
    assertTrue(text.contains("There are no figures here: "), text);
    assertTrue(text.contains("| transports | "), text);
  }
}
