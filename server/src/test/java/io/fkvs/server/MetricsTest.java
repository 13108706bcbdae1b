package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.Protocol;
import io.fkvs.server.metrics.MetricsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The port that tells figures. */
class MetricsTest {
  private static final Path PAGE = Path.of("..", "docs", "operations.md");

  private static HttpResponse<String> ask(InetSocketAddress address, String method, String path)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
      HttpRequest request =
          HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String metrics(Server server) throws Exception {
    HttpResponse<String> response = ask(server.metricsAddress().orElseThrow(), "GET", "/metrics");
    assertEquals(200, response.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        response.headers().firstValue("content-type").orElse(""));
    return response.body();
  }

  private static double figure(String metrics, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + Pattern.quote(name) + " (.*)$").matcher(metrics);
    assertTrue(matcher.find(), () -> "no such metric: name=" + name + ", metrics=" + metrics);
    return matcher.group(1).equals("+Inf")
        ? Double.POSITIVE_INFINITY
        : Double.parseDouble(matcher.group(1));
  }

  private static ServerConfig config() {
    return TestServers.config().withMetricsPort(0);
  }

  @Test
  void shouldCountWhatClientsDid() throws Exception {
    try (Server server = Server.start(config());
        FkvsClient client =
            FkvsClient.connect(
                server.address(), ClientConfig.defaults().withProtocol(Protocol.COMPACT))) {
      client.set("a", "1");
      client.set("b", "x");
      client.get("a");
      client.get("none");
      client.increment("a");
      assertThrows(RuntimeException.class, () -> client.increment("b"));
      client.scan(0, 10);
      String metrics = metrics(server);

      assertEquals(2, figure(metrics, "fkvs_commands_total{command=\"set\"}"));
      assertEquals(2, figure(metrics, "fkvs_commands_total{command=\"get\"}"));
      assertEquals(2, figure(metrics, "fkvs_commands_total{command=\"incr\"}"));
      assertEquals(1, figure(metrics, "fkvs_commands_total{command=\"scan\"}"));
      assertEquals(0, figure(metrics, "fkvs_commands_total{command=\"del\"}"));
      assertEquals(1, figure(metrics, "fkvs_errors_total"));
      assertEquals(1, figure(metrics, "fkvs_lookups_total{outcome=\"hit\"}"));
      assertEquals(1, figure(metrics, "fkvs_lookups_total{outcome=\"miss\"}"));
      assertEquals(2, figure(metrics, "fkvs_keys"));
      assertEquals(1, figure(metrics, "fkvs_connected_clients"));
      assertEquals(Double.POSITIVE_INFINITY, figure(metrics, "fkvs_max_table_bytes"));
      assertEquals(2, figure(metrics, "fkvs_request_duration_seconds_count{family=\"read\"}"));
      assertEquals(4, figure(metrics, "fkvs_request_duration_seconds_count{family=\"write\"}"));
      assertEquals(1, figure(metrics, "fkvs_request_duration_seconds_count{family=\"scan\"}"));
    }
  }

  @Test
  void shouldSayTheSizesOfHistogramsCumulatively() throws Exception {
    try (Server server = Server.start(config());
        FkvsClient client = FkvsClient.connect(server.address())) {
      for (int i = 0; i < 100; i++) {
        client.get("k");
      }
      String metrics = metrics(server);
      Pattern bucket =
          Pattern.compile(
              "(?m)^fkvs_request_duration_seconds_bucket\\{family=\"read\",le=\"(.*)\"\\} (.*)$");
      double lastEnd = 0;
      double lastCount = 0;
      for (MatchResult found : bucket.matcher(metrics).results().toList()) {
        double end =
            found.group(1).equals("+Inf")
                ? Double.POSITIVE_INFINITY
                : Double.parseDouble(found.group(1));
        double count = Double.parseDouble(found.group(2));
        assertTrue(end > lastEnd && count >= lastCount);
        lastEnd = end;
        lastCount = count;
      }
      assertEquals(100, lastCount);
      assertTrue(figure(metrics, "fkvs_request_duration_seconds_sum{family=\"read\"}") > 0);
    }
  }

  /** A comment, or a name with labels and a number. */
  @Test
  void shouldWriteWhatPrometheusReads() throws Exception {
    Pattern line =
        Pattern.compile(
            "# HELP [a-z_]+ \\S.*|# TYPE [a-z_]+ (counter|gauge|histogram)"
                + "|[a-z_]+(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*\\})? (\\+Inf|-?[0-9.E-]+)");
    try (Server server = Server.start(config())) {
      String metrics = metrics(server);
      assertTrue(metrics.endsWith("\n"));
      metrics.lines().forEach(text -> assertTrue(line.matcher(text).matches(), text));
    }
  }

  @Test
  void shouldExplainEveryMetricOnThePage() throws Exception {
    try (Server server = Server.start(config().withDisk(new ForgetfulDisk()))) {
      Set<String> told =
          Pattern.compile("(?m)^# TYPE (\\S+)")
              .matcher(metrics(server))
              .results()
              .map(name -> name.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      String page = Files.readString(PAGE);
      String section =
          page.substring(page.indexOf("### Prometheus"), page.indexOf("**What the hist"));
      Set<String> explained =
          Pattern.compile("`(fkvs_\\w+)")
              .matcher(section)
              .results()
              .map(name -> name.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(told, explained);
      String alarms = page.substring(page.indexOf("Alarms to begin with"));
      Set<String> watched =
          Pattern.compile("\\b(fkvs_\\w+?)(_bucket)?\\b")
              .matcher(alarms.substring(0, alarms.indexOf("### The fields")))
              .results()
              .map(name -> name.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      assertTrue(watched.size() > 10, watched::toString);
      assertTrue(told.containsAll(watched), watched::toString);
    }
  }

  @Test
  void shouldTellHowTheDiskDoes() throws Exception {
    try (Server server = Server.start(config().withDisk(new ForgetfulDisk()));
        FkvsClient client = FkvsClient.connect(server.address())) {
      client.set("a", "1");
      client.set("b", "2");
      String metrics = metrics(server);

      double made = figure(metrics, "fkvs_frames_total{state=\"made\"}");
      assertTrue(made >= 2, metrics);
      assertTrue(figure(metrics, "fkvs_frames_total{state=\"durable\"}") <= made);
      assertTrue(figure(metrics, "fkvs_log_bytes") > 0);
      assertEquals(0, figure(metrics, "fkvs_loaded_keys"));
      assertEquals(0, figure(metrics, "fkvs_base_under_way"));
      assertEquals(0, figure(metrics, "fkvs_disk_errors_total"));
      assertEquals(0, figure(metrics, "fkvs_evicted_keys_total"));
    }
  }

  @Test
  void shouldTellThatItIsHealthyAndReady() throws Exception {
    try (Server server = Server.start(config())) {
      InetSocketAddress address = server.metricsAddress().orElseThrow();
      assertTrue(address.getAddress().isLoopbackAddress());
      for (String path : new String[] {"/healthz", "/readyz"}) {
        HttpResponse<String> response = ask(address, "GET", path);
        assertEquals(200, response.statusCode());
        assertEquals("ok\n", response.body());
        assertEquals(200, ask(address, "HEAD", path).statusCode());
      }
      assertEquals(404, ask(address, "GET", "/").statusCode());
      assertEquals(404, ask(address, "GET", "/metrics/x").statusCode());
      assertEquals(405, ask(address, "POST", "/metrics").statusCode());
    }
  }

  @Test
  void shouldTellThatTheLoopDoesNotMoveOrIsNotReady() throws Exception {
    MetricsServer.Source stuck =
        new MetricsServer.Source() {
          @Override
          public Optional<java.util.List<io.fkvs.server.metrics.Metric>> read() {
            return Optional.empty();
          }

          @Override
          public boolean isReady() {
            return false;
          }
        };
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (MetricsServer server = MetricsServer.start(any, stuck)) {
      for (String path : new String[] {"/metrics", "/healthz", "/readyz"}) {
        assertEquals(503, ask(server.address(), "GET", path).statusCode(), path);
      }
    }
  }

  /** A loop that nobody runs. */
  @Test
  void shouldNotWaitForeverForALoop() throws Exception {
    try (TestLoop loop = new TestLoop(TestServers.config())) {
      Engine engine = new Engine(loop.server().eventLoops(), List.of(), "swiss", "", null);
      assertEquals(Optional.empty(), new MetricsReport(TestServers.config(), engine, 1).read());
    }
  }

  @Test
  void shouldNameTheAddressThatIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServerConfig config = TestServers.config().withMetricsPort(taken.getLocalPort());
      var refused = assertThrows(IOException.class, () -> Server.start(config));
      assertTrue(
          refused.getMessage().contains("port=" + taken.getLocalPort()), refused.getMessage());
    }
  }

  @Test
  void shouldTellNothingUnlessAsked() throws IOException {
    try (Server server = Server.start(TestServers.config())) {
      assertTrue(server.metricsAddress().isEmpty());
    }
  }
}
