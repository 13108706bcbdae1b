package io.fkvs.server.resp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The programs of the package redis-tools, with this server. */
class RedisToolsTest {
  private Server server;
  private int port;

  @BeforeEach
  void start() throws IOException {
    server = Server.start(ServerConfig.defaults().withPort(0).withRespPort(0).withTable("swiss"));
    port = server.respAddress().orElseThrow().getPort();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String run(String input, String... command) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(command[0], "-p", Integer.toString(port)));
    arguments.addAll(Arrays.asList(command).subList(1, command.length));
    Process process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), output);
    return output;
  }

  @Test
  void shouldServeTheCommandLine() throws Exception {
    assertEquals("OK\n", run("", "redis-cli", "SET", "greeting", "hello"));
    assertEquals("hello\n", run("", "redis-cli", "-3", "GET", "greeting"));
    assertEquals("greeting\n", run("", "redis-cli", "--scan"));
    assertTrue(run("", "redis-cli", "--bigkeys").contains("Biggest string found '\"greeting\"'"));
    assertTrue(run("", "redis-cli", "INFO").contains("redis_version:7.2.4"));
  }

  @Test
  void shouldTakeWhatIsPiped() throws Exception {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      requests.append(RespPeer.request("SET", "key" + i, "value"));
    }
    String output = run(requests.toString(), "redis-cli", "--pipe");

    assertTrue(output.contains("errors: 0, replies: 10000"), output);
    assertEquals("10000\n", run("", "redis-cli", "DBSIZE"));
  }

  @Test
  void shouldShowWhatGoesOn() throws Exception {
    run("", "redis-cli", "SET", "greeting", "hello");
    Process process =
        new ProcessBuilder("redis-cli", "-p", Integer.toString(port), "-i", "0.01", "--stat")
            .start();
    try (var output = process.inputReader()) {
      output.readLine();
      output.readLine();
      assertTrue(output.readLine().startsWith("1 "));
    } finally {
      process.destroy();
    }
  }

  @Test
  void shouldServeTheBenchmark() throws Exception {
    String output =
        run("", "redis-benchmark", "-t", "set,get,incr,mset", "-P", "16", "-n", "20000", "-q");

    for (String test : List.of("SET", "GET", "INCR", "MSET (10 keys)")) {
      assertTrue(output.contains(test + ": "), output);
    }
  }
}
