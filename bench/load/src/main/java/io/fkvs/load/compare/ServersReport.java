package io.fkvs.load.compare;

import io.fkvs.load.dialect.Operation;
import io.fkvs.load.report.Figures;
import io.fkvs.load.report.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the findings as a page of tables and plots. One thread. */
record ServersReport(
    Findings findings,
    TransportFindings transports,
    Settings settings,
    List<ServerMode> modes,
    Map<String, String> facts) {
  /** A port that no other argument of a server looks like. */
  private static final int SHOWN_PORT = 65_535;

  void write(Path file) throws IOException {
    var page = new ReportPage(file);
    page.text
        .heading(1, "Servers compared")
        .paragraph(
            "Written by `bench/compare-servers`; do not edit. Every server keeps its data in"
                + " memory, and in a log where its name says so. It serves from one core, the load"
                + " generator has another, and both talk over the loopback interface. Where several"
                + " run side by side, those whose turn it is not are stopped by a signal, but for"
                + " the two of the section on transports.");
    setup(page);
    if (!modes.isEmpty()) {
      servers(page);
    }
    if (transports != null) {
      new TransportsSection(transports, settings).write(page);
    }
    excluded(page);
    page.write();
  }

  private void servers(ReportPage page) throws IOException {
    if (DurableSection.isAbout(modes)) {
      new DurableSection(findings, settings, modes).write(page);
    }
    var throughput = new ThroughputSection(findings, settings, modes);
    for (Operation operation : Contest.OPERATIONS) {
      throughput.write(page, operation);
    }
    throughput.writeLimits(page);
    new LatencySection(findings, settings, modes).write(page);
    new LoadingSection(findings, settings, modes).write(page);
  }

  private void setup(ReportPage page) {
    page.text.heading(2, "Set-up");
    List<List<String>> rows = new ArrayList<>();
    facts.forEach((name, value) -> rows.add(List.of(name, value)));
    rows.add(
        List.of("Keys and values", Settings.KEY_BYTES + " + " + Settings.VALUE_BYTES + " bytes"));
    rows.add(List.of("Keyspace", Figures.count(settings.keys()) + " keys, uniformly random"));
    if (!modes.isEmpty()) {
      rows.add(List.of("Connections", Integer.toString(Settings.CONNECTIONS)));
      rows.add(List.of("Throughput", settings.throughput().toString()));
      rows.add(List.of("Latency", settings.latency().toString()));
      rows.add(List.of("Loading", settings.loadRounds() + " ×, interleaved"));
    }
    if (transports != null) {
      rows.add(List.of("Transports", settings.transports().toString()));
    }
    page.text.prose(List.of("What", "Which"), rows);
    if (!modes.isEmpty()) {
      List<List<String>> servers = new ArrayList<>();
      for (ServerMode mode : modes) {
        String version = Machine.firstLine(mode.version());
        servers.add(List.of(mode.name(), mode.dialect().name(), version, "`" + typed(mode) + "`"));
      }
      page.text.prose(List.of("Server", "Protocol", "Version", "Command"), servers);
    }
  }

  /** The command without folders and the port, which say nothing to a reader. */
  private static String typed(ServerMode mode) {
    List<String> command = new ArrayList<>(mode.command().apply(SHOWN_PORT));
    command.replaceAll(
        word -> word.startsWith("/") ? Path.of(word).getFileName().toString() : word);
    command.replaceAll(word -> word.equals(Integer.toString(SHOWN_PORT)) ? "PORT" : word);
    return Machine.typed(command);
  }

  private void excluded(ReportPage page) {
    if (!findings.excluded().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      findings.excluded().forEach((server, reason) -> rows.add(List.of(server, reason)));
      page.text
          .heading(2, "Left out")
          .prose(List.of("Server", "Why its figures are missing or incomplete"), rows);
    }
  }
}
