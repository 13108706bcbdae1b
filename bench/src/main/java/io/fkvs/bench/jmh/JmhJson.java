package io.fkvs.bench.jmh;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the results that JMH writes as JSON. Any thread. */
final class JmhJson {
  /** The name of the allocations by operation, with and without the dot that JMH 1.37 dropped. */
  private static final List<String> ALLOCATED =
      List.of("gc.alloc.rate.norm", "·gc.alloc.rate.norm");

  private JmhJson() {}

  /**
   * Reads a file.
   *
   * @throws ReportException if it cannot be read or is no result of JMH
   */
  static List<Measurement> read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new ReportException("results cannot be read: file=" + file, e);
    }
    try {
      List<Measurement> found = new ArrayList<>();
      for (JsonElement element : JsonParser.parseString(text).getAsJsonArray()) {
        found.add(measurement(element.getAsJsonObject()));
      }
      return found;
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException
        | NullPointerException e) {
      throw new ReportException("file is no result of JMH: file=" + file, e);
    }
  }

  private static Measurement measurement(JsonObject json) {
    JsonObject primary = json.getAsJsonObject("primaryMetric");
    return new Measurement(
        shortName(json.get("benchmark").getAsString()),
        params(json.getAsJsonObject("params")),
        json.get("threads").getAsInt(),
        primary.get("score").getAsDouble(),
        number(primary.get("scoreError")),
        primary.get("scoreUnit").getAsString(),
        forks(primary.getAsJsonArray("rawData")),
        allocated(json.getAsJsonObject("secondaryMetrics")),
        strings(json.getAsJsonArray("jvmArgs")));
  }

  /** Class and method without the package. */
  static String shortName(String benchmark) {
    int method = benchmark.lastIndexOf('.');
    return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
  }

  private static Map<String, String> params(JsonObject json) {
    Map<String, String> params = new LinkedHashMap<>();
    if (json != null) {
      json.entrySet().forEach(entry -> params.put(entry.getKey(), entry.getValue().getAsString()));
    }
    return params;
  }

  /** JMH writes what is not a number as a string. */
  private static double number(JsonElement json) {
    return json.getAsString().equals("NaN") ? Double.NaN : json.getAsDouble();
  }

  private static List<List<Double>> forks(JsonArray json) {
    List<List<Double>> forks = new ArrayList<>();
    for (JsonElement fork : json) {
      List<Double> iterations = new ArrayList<>();
      fork.getAsJsonArray().forEach(iteration -> iterations.add(iteration.getAsDouble()));
      forks.add(iterations);
    }
    return forks;
  }

  private static double allocated(JsonObject metrics) {
    for (String name : ALLOCATED) {
      if (metrics != null && metrics.has(name)) {
        return number(metrics.getAsJsonObject(name).get("score"));
      }
    }
    return Double.NaN;
  }

  private static List<String> strings(JsonArray json) {
    List<String> strings = new ArrayList<>();
    if (json != null) {
      json.forEach(element -> strings.add(element.getAsString()));
    }
    return strings;
  }
}
