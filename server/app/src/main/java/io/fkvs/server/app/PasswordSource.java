package io.fkvs.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.server.ServerConfig;
import io.fkvs.server.app.security.SecretFile;
import java.nio.file.Path;

/**
 * Where the server's password comes from: a file or a variable of the environment, never the
 * command line, which every user of the machine can read.
 */
final class PasswordSource {
  /** The variable that holds the password itself. */
  static final String VARIABLE = "FKVS_REQUIREPASS";

  private PasswordSource() {}

  /**
   * The configuration of the server, with its password if there is one.
   *
   * @param variable the variable's text, {@code null} where it is not set
   * @throws ConfigException if the password cannot be read, is empty, or comes from both
   */
  static ServerConfig apply(Settings settings, String variable) throws ConfigException {
    Path file = settings.passwordFile();
    if (file == null && variable == null) {
      return settings.server();
    }
    if (file != null && variable != null) {
      throw new ConfigException(
          "password is given twice: requirepass-file=" + file + ", variable=" + VARIABLE);
    }
    String source = file == null ? "variable=" + VARIABLE : "requirepass-file=" + file;
    try {
      byte[] password = file == null ? variable.getBytes(UTF_8) : SecretFile.password(file);
      return settings.server().withPassword(password);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage() + ", " + source, e);
    }
  }
}
