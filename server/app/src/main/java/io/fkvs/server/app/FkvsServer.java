package io.fkvs.server.app;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The server as a program: {@code fkvs-server [-c server.conf] [flags]}. */
@Command(
    name = "fkvs-server",
    description = "A key-value server. Flags win over the configuration file.")
public final class FkvsServer extends ServerProgram {
  @CommandLine.Option(
      names = "--check",
      paramLabel = "DIR",
      description = "Says what a data directory holds and whether it is whole, and exits.")
  private Path checked;

  @CommandLine.Option(
      names = "--repair",
      paramLabel = "DIR",
      description = "Says what a repair of a data directory would drop, and exits.")
  private Path repaired;

  @CommandLine.Option(names = "--yes", description = "With --repair: repairs it.")
  private boolean isRepairMeant;

  /** Creates the command. */
  public FkvsServer() {}

  /**
   * Runs the server until a signal ends it.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(new FkvsServer().execute(args));
  }

  @Override
  protected OptionalInt runProcedure() {
    checkProcedures();
    if (checked != null) {
      return OptionalInt.of(new DataDirectory(checked, System.out).check());
    }
    if (repaired != null) {
      return OptionalInt.of(new DataDirectory(repaired, System.out).repair(isRepairMeant));
    }
    return OptionalInt.empty();
  }

  /** Nobody is to believe that what stands on the command line was done. */
  private void checkProcedures() {
    if (checked != null && repaired != null) {
      throw new IllegalArgumentException("take --check or --repair, not both");
    }
    if (isRepairMeant && repaired == null) {
      throw new IllegalArgumentException("--yes takes --repair DIR beside it");
    }
  }

  @Override
  protected Service start(ServerConfig config) throws IOException {
    return new Alone(Server.start(config));
  }

  /** A server that has nobody beside it. */
  private record Alone(Server server) implements Service {
    @Override
    public void awaitStop() throws InterruptedException {
      server.awaitStop();
    }

    @Override
    public Optional<Throwable> failure() {
      return server.failure();
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
