package io.fkvs.server.app;

import io.fkvs.store.durable.CorruptException;
import io.fkvs.store.durable.DurableDirectory;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.RepairPlan;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ExitCode;

/** What {@code --check} and {@code --repair} do with a data directory that no server has open. */
final class DataDirectory {
  private final Path directory;
  private final PrintStream out;

  DataDirectory(Path directory, PrintStream out) {
    this.directory = directory;
    this.out = out;
  }

  /**
   * Reads everything and says what is there.
   *
   * @return the exit status
   * @throws DurableException if it cannot be read or is in use
   */
  int check() {
    checkDirectory();
    try {
      DurableDirectory.Report report = DurableDirectory.check(directory);
      for (DurableDirectory.Part part : report.files()) {
        out.println("file: name=" + part.name() + ", bytes=" + part.bytes());
      }
      if (report.files().isEmpty()) {
        out.println("empty: there is no data in it");
      }
      out.println("records: count=" + report.records() + ", lastFrame=" + report.sequence());
      if (report.cutBytes() > 0) {
        out.println("torn tail, no damage: the next start cuts it off: bytes=" + report.cutBytes());
      }
      out.println("whole: directory=" + directory);
      return ExitCode.OK;
    } catch (CorruptException e) {
      out.println("damaged: " + e.getMessage());
      out.println("fkvs-server --repair " + directory + " says what can be kept");
      return DataFailure.DAMAGED;
    }
  }

  /**
   * Says what a repair drops, and repairs if that is meant.
   *
   * @return the exit status: damaged where there is damage and it is only said
   * @throws DurableException if it cannot be read or written or is in use
   */
  int repair(boolean isMeant) {
    checkDirectory();
    RepairPlan plan = DurableDirectory.planRepair(directory);
    plan.drops().forEach(out::println);
    out.println("records that are kept: count=" + plan.records());
    if (plan.drops().isEmpty()) {
      out.println("whole, there is nothing to repair: directory=" + directory);
      return ExitCode.OK;
    }
    if (!isMeant) {
      out.println("nothing was changed; copy the directory, then add --yes to repair it");
      return DataFailure.DAMAGED;
    }
    plan.apply();
    out.println("repaired: directory=" + directory);
    return ExitCode.OK;
  }

  /** An empty path would be the folder of whoever runs this. */
  private void checkDirectory() {
    if (directory.toString().isEmpty() || !Files.isDirectory(directory)) {
      throw new DurableException("there is no such directory: directory=" + directory, null);
    }
  }
}
