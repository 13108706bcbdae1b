package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.ServerConfig;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every option by every name that it has, in the configuration file and as a flag. */
class OptionsTest {
  /** A value for each option that is not its default, by the option's last name. */
  private static final Map<String, String> OTHER_VALUES =
      Map.ofEntries(
          Map.entry("bind", "0.0.0.0"),
          Map.entry("port", "1234"),
          Map.entry("unix-socket", "/tmp/with space.sock"),
          Map.entry("resp-port", "1235"),
          Map.entry("resp-unix-socket", "/tmp/resp.sock"),
          Map.entry("slowlog-log-slower-than", "500"),
          Map.entry("slowlog-max-len", "7"),
          Map.entry("latency-monitor-threshold", "50"),
          Map.entry("requirepass-file", "/tmp/with space.pass"),
          Map.entry("tls-cert", "/tmp/cert.pem"),
          Map.entry("tls-key", "/tmp/key.pem"),
          Map.entry("tls-ca", "/tmp/ca.pem"),
          Map.entry("insecure", "true"),
          Map.entry("transport", "auto"),
          Map.entry("threads", "4"),
          Map.entry("store", "chained"),
          Map.entry("data", "/tmp/with space"),
          Map.entry("sync", "always"),
          Map.entry("max-memory", "2g"),
          Map.entry("eviction", "allkeys-lfu"),
          Map.entry("max-client-memory", "65536k"),
          Map.entry("max-value-size", "1234567"),
          Map.entry("max-clients", "7"),
          Map.entry("timeout", "30"),
          Map.entry("request-timeout", "31"),
          Map.entry("warmup", "5"),
          Map.entry("metrics-port", "9121"),
          Map.entry("metrics-bind", "0.0.0.0"),
          Map.entry("verbose", "true"),
          Map.entry("quiet", "true"),
          Map.entry("logs-enabled", "false"),
          Map.entry("show-logo", "true"),
          Map.entry("event-loop-max-events", "1024"),
          Map.entry("use-io-uring", "true"),
          Map.entry("daemonize", "true"));

  @TempDir private Path folder;

  static List<Option> options() {
    return Options.ALL;
  }

  static List<Option> flags() {
    return Options.ALL.stream().filter(Option::hasFlag).toList();
  }

  private static String nameOf(Option option) {
    return option.hasFlag() ? option.flag().substring(2) : option.keys().getFirst();
  }

  private static String otherValueOf(Option option) {
    return OTHER_VALUES.get(nameOf(option));
  }

  /** What is in all fields, of the server's configuration, too. */
  private static Map<String, Object> fieldsOf(Object object) throws IllegalAccessException {
    Map<String, Object> fields = new TreeMap<>();
    for (Field field : object.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        field.setAccessible(true);
        Object value = field.get(object);
        boolean isLambda = value != null && value.getClass().isHidden();
        fields.put(
            field.getName(),
            value instanceof ServerConfig
                ? fieldsOf(value)
                : isLambda ? "" : String.valueOf(value));
      }
    }
    return fields;
  }

  private static Settings fromFlags(String... arguments) throws ConfigException {
    CommandLine line = new FkvsServer().commandLine();
    line.parseArgs(arguments);
    FkvsServer program = line.getCommand();
    return program.settings();
  }

  private Settings fromFile(String line) throws Exception {
    Settings settings = new Settings();
    ConfigFile.read(Files.writeString(folder.resolve("server.conf"), line), Options.ALL, settings);
    return settings;
  }

  private static List<String> words(Option option, String flag) {
    return option.takesValue() ? List.of(flag, otherValueOf(option)) : List.of(flag);
  }

  @ParameterizedTest
  @MethodSource("options")
  void shouldHaveOneEffectByWhateverNameItIsSet(Option option) throws Exception {
    Settings direct = new Settings();
    option.apply(direct, otherValueOf(option));
    Map<String, Object> expected = fieldsOf(direct);

    assertNotEquals(fieldsOf(new Settings()), expected, "nothing was set");
    for (String key : option.keys()) {
      assertEquals(expected, fieldsOf(fromFile(key + " " + otherValueOf(option))), key);
    }
    for (String flag : option.flags()) {
      assertEquals(expected, fieldsOf(fromFlags(words(option, flag).toArray(String[]::new))), flag);
    }
  }

  /** Those whose default is one that could be written. */
  static List<Option> withDefault() {
    return Options.ALL.stream()
        .filter(option -> !List.of("", "none", "by the machine").contains(option.defaultText()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("withDefault")
  void shouldChangeNothingWhenSetToItsDefault(Option option) throws Exception {
    Settings settings = new Settings();
    settings.server(settings.server().withTable("swiss"));
    Map<String, Object> before = fieldsOf(settings);

    option.apply(settings, option.defaultText());

    assertEquals(before, fieldsOf(settings));
  }

  @ParameterizedTest
  @MethodSource("flags")
  void shouldLetTheLastFlagWinOverTheFileAndThoseBefore(Option option) throws Exception {
    List<String> words = new ArrayList<>(words(option, option.flag()));
    if (option.takesValue() && !option.keys().isEmpty()) {
      Path file = folder.resolve("other.conf");
      String wrong =
          List.of("store", "bind", "metrics-bind").contains(nameOf(option))
              ? "nope"
              : defaultOf(option);
      Files.writeString(file, option.keys().getFirst() + " " + wrong);
      words.addAll(0, List.of("-c", file.toString(), option.flag(), wrong));
    } else {
      words.addAll(0, words);
    }
    Settings direct = new Settings();
    option.apply(direct, otherValueOf(option));

    assertEquals(fieldsOf(direct), fieldsOf(fromFlags(words.toArray(String[]::new))));
  }

  /** A value that suits the option and that the other one replaces. */
  private static String defaultOf(Option option) {
    return switch (option.defaultText()) {
      case "none" -> nameOf(option).equals("resp-port") ? "1" : "/tmp/none";
      case "by the machine" -> "64m";
      default -> option.defaultText();
    };
  }

  static Stream<String> helpLines() {
    ServerConfig defaults = ServerConfig.defaults();
    return Stream.of(
        "Default: " + defaults.port() + ".",
        "Default: " + defaults.maxClients() + ".",
        "Default: 16m.",
        "Default: " + defaults.requestTimeout().toSeconds() + ".");
  }

  @ParameterizedTest
  @MethodSource("helpLines")
  void shouldTellTheDefaultsOfTheServerInTheHelp(String line) {
    String help = new FkvsServer().commandLine().getUsageMessage().replaceAll("\\s+", " ");

    assertTrue(help.contains(line), help);
  }

  @Test
  void shouldPractiseTwoSecondsUnlessToldOtherwise() {
    assertEquals(Duration.ofSeconds(2), new Settings().server().warmUp());
  }

  @Test
  void shouldNameTheFlagAndWhatWasGivenWhenItIsWrong() {
    var refused = assertThrows(ConfigException.class, () -> fromFlags("--max-value-size", "2g"));

    assertEquals(
        "max-value-size must be 20 to 1073741824: max-value-size=2147483648, given=2g,"
            + " flag=--max-value-size",
        refused.getMessage());
  }
}
