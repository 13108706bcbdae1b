package io.fkvs.cluster;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Programs of the system that the tests call. */
final class Commands {
  private Commands() {}

  /**
   * Runs a program and waits for its end.
   *
   * @param command its name and arguments, between spaces
   * @param arguments further ones, in which there may be spaces
   * @throws IOException if there is none, or it fails, with what it has said
   */
  static void run(String command, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of(arguments));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("command failed: command=" + words + ", said=" + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  /** Runs a program that may fail, and says whether it has not. */
  static boolean succeeds(String command, String... arguments) {
    try {
      run(command, arguments);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
