package io.fkvs.load.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompareServersTest {
  private static int run(StringWriter said, Path root, String... arguments) {
    return run(Optional.empty(), said, root, arguments);
  }

  private static int run(
      Optional<String> uringRefusal, StringWriter said, Path root, String... arguments) {
    CommandLine command =
        CompareServers.commandLine(() -> uringRefusal).setErr(new PrintWriter(said));
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
    var said = new StringWriter();
    int status = run(said, root, "--sections=transports", "--report", page.toString());
    assertEquals(1, status);
    assertTrue(said.toString().startsWith("FAIL transports: "), said.toString());
    String text = Files.readString(page);
    assertTrue(text.contains("## Transports"), text);
    assertTrue(text.contains("There are no figures here: "), text);
    assertTrue(text.contains("| transports | "), text);
  }

  @Test
  void shouldWriteNothingWhereAllThatIsAskedForTakesWhatTheSystemRefuses(@TempDir Path root) {
    Path page = root.resolve("page.md");
    var said = new StringWriter();
    int status =
        run(
            Optional.of("no rings here"),
            said,
            root,
            "--sections=transports",
            "--report",
            page.toString());
    assertEquals(1, status);
    assertEquals(
        "FAIL transports: cannot use io_uring: no rings here" + System.lineSeparator(),
        said.toString());
    assertTrue(Files.notExists(page));
  }

  @Test
  void shouldLeaveOutTheServersThatTheSystemRefuses(@TempDir Path root) throws Exception {
    Path server = Files.createDirectories(root.resolve("bin")).resolve("fkvs-server");
    assertTrue(Files.createFile(server).toFile().setExecutable(true));
    List<String> all = names(root, true);
    assertTrue(all.contains("fkvs swiss compact io_uring"), all.toString());
    assertTrue(all.contains("fkvs swiss RESP"), all.toString());
    List<String> left = names(root, false);
    assertEquals(all.stream().filter(name -> !name.contains("io_uring")).toList(), left);
  }

  private static List<String> names(Path root, boolean hasIoUring) {
    return Catalogue.installed(root, hasIoUring).stream().map(ServerMode::name).toList();
  }
}
