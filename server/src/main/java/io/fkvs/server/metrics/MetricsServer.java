package io.fkvs.server.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fkvs.server.limits.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A port that answers HTTP: {@code /metrics} with the figures, {@code /healthz} with whether the
 * server moves, {@code /readyz} with whether it serves. On threads of its own. Any thread may use
 * it.
 */
public final class MetricsServer implements AutoCloseable {
  /** What it is asked about. Called on its threads. */
  public interface Source {
    /** The figures, or nothing where the server does not answer in time. */
    Optional<List<Metric>> read();

    /** Says whether the server takes requests of clients. */
    boolean isReady();
  }

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;
  private static final int NO_BODY = -1;

  private final Source source;
  private final HttpServer http;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          Limits.METRICS_THREADS, Thread.ofPlatform().name("fkvs-metrics-", 0).daemon().factory());

  private MetricsServer(Source source, HttpServer http) {
    this.source = source;
    this.http = http;
  }

  /**
   * Listens.
   *
   * @param address where, port 0 for any that is free
   * @throws IOException if the system refuses; the message names the address
   */
  public static MetricsServer start(InetSocketAddress address, Source source) throws IOException {
    HttpServer http;
    try {
      http = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen for metrics: address=" + address + ", cause=" + e.getMessage(), e);
    }
    MetricsServer server = new MetricsServer(source, http);
    http.createContext("/", server::handle);
    http.setExecutor(server.threads);
    http.start();
    return server;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return http.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        answer(exchange, NOT_ALLOWED, "use GET\n");
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/metrics" -> metrics(exchange);
        case "/healthz" -> state(exchange, source.read().isPresent());
        case "/readyz" -> state(exchange, source.isReady() && source.read().isPresent());
        default -> answer(exchange, NOT_FOUND, "try /metrics, /healthz or /readyz\n");
      }
    }
  }

  private void metrics(HttpExchange exchange) throws IOException {
    Optional<List<Metric>> metrics = source.read();
    if (metrics.isPresent()) {
      exchange.getResponseHeaders().set("Content-Type", PrometheusText.CONTENT_TYPE);
      answer(exchange, OK, PrometheusText.of(metrics.get()));
    } else {
      state(exchange, false);
    }
  }

  private static void state(HttpExchange exchange, boolean isGood) throws IOException {
    answer(exchange, isGood ? OK : UNAVAILABLE, isGood ? "ok\n" : "the server does not answer\n");
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, isHead ? NO_BODY : body.length);
    if (!isHead) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Stops to listen. Closing again does nothing. */
  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
