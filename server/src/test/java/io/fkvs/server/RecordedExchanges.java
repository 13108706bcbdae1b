package io.fkvs.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The exchanges recorded from the original server: a flat JSON object a line. */
final class RecordedExchanges {
  /** One request or several, and what the original answered. */
  record Exchange(String scenario, int step, String note, byte[] request, byte[] response) {}

  private static final List<String> FILES = List.of("scenarios.jsonl", "random-1.jsonl");
  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"scenario\": \"([^\"]*)\", \"step\": (\\d+), \"note\": \"([^\"]*)\","
              + " \"request\": \"([0-9a-f]*)\", \"response\": \"([0-9a-f]*)\"}");

  private RecordedExchanges() {}

  /** All the exchanges, by scenario, in order. */
  static Map<String, List<Exchange>> byScenario() throws IOException {
    Map<String, List<Exchange>> scenarios = new LinkedHashMap<>();
    for (String file : FILES) {
      try (InputStream in = RecordedExchanges.class.getResourceAsStream("/recorded/" + file);
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Exchange exchange = parse(line);
          scenarios.computeIfAbsent(exchange.scenario(), s -> new ArrayList<>()).add(exchange);
        }
      }
    }
    return scenarios;
  }

  private static Exchange parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not an exchange: line=" + line);
    }
    return new Exchange(
        matcher.group(1),
        Integer.parseInt(matcher.group(2)),
        matcher.group(3),
        Frames.hex(matcher.group(4)),
        Frames.hex(matcher.group(5)));
  }
}
