package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.Store;
import io.fkvs.store.probe.RuntimeFeaturesProbe;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which faces a JVM chooses with which flags, and what it says about it. */
class RuntimeFeaturesTest {
  private static final String VECTOR = "--add-modules=jdk.incubator.vector";
  private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
  private static final String LOGGED = "swiss table: ";

  @Test
  void shouldProbeBySwarAndCheckAccessWhenThereIsNoFlag() throws Exception {
    String output = run(List.of());
    assertChosen(output, "swar", "checked");
    assertTrue(output.contains("(vector takes --add-modules jdk.incubator.vector and C2)"), output);
    assertTrue(output.contains("(unchecked takes --enable-native-access=ALL-UNNAMED)"), output);
    assertTrue(!output.contains("WARNING"), output);
  }

  @Test
  void shouldUseTheFastFacesWhenBothFlagsAreGiven() throws Exception {
    assertChosen(run(List.of(VECTOR, NATIVE)), "vector", "unchecked");
  }

  @Test
  void shouldProbeByVectorAndCheckAccessWhenOnlyTheModuleIsThere() throws Exception {
    assertChosen(run(List.of(VECTOR)), "vector", "checked");
  }

  @Test
  void shouldObeyThePropertiesWhenTheyChooseTheSlowerFaces() throws Exception {
    String output =
        run(
            List.of(
                VECTOR,
                NATIVE,
                "-D" + RuntimeFeatures.PROBING_PROPERTY + "=swar",
                "-D" + RuntimeFeatures.ACCESS_PROPERTY + "=checked"));
    assertChosen(output, "swar", "checked");
  }

  @Test
  void shouldTakeSmallPagesWhenThePropertySaysSo() throws Exception {
    String output = run(List.of(VECTOR, NATIVE, "-D" + RuntimeFeatures.PAGES_PROPERTY + "=small"));
    assertTrue(output.contains("access=unchecked, pages=small"), output);
  }

  @Test
  void shouldProbeBySwarWhenC2IsOff() throws Exception {
    assertChosen(run(List.of(VECTOR, NATIVE, "-XX:TieredStopAtLevel=1")), "swar", "unchecked");
  }

  @Test
  void shouldNameTheModuleInTheRemedyWhenOnTheModulePath() throws Exception {
    String output = run(List.of("-p", modulePath(), "--add-modules=io.fkvs.store.swiss"));
    assertChosen(output, "swar", "checked");
    assertTrue(
        output.contains("(unchecked takes --enable-native-access=io.fkvs.store.swiss)"), output);
  }

  @Test
  void shouldUseTheFastFacesWhenOnTheModulePathWithBothFlags() throws Exception {
    String output =
        run(
            List.of(
                "-p",
                modulePath(),
                "--add-modules=io.fkvs.store.swiss,jdk.incubator.vector",
                "--enable-native-access=io.fkvs.store.swiss"));
    assertChosen(output, "vector", "unchecked");
  }

  private static void assertChosen(String output, String probing, String access) {
    String pages = access.equals("unchecked") && HugePages.tryMapping() ? "huge" : "small";
    assertTrue(
        output.contains(
            "value 2999 {probing=" + probing + ", access=" + access + ", pages=" + pages),
        output);
    assertTrue(output.contains(LOGGED + "probing=" + probing), output);
    assertEquals(output.indexOf(LOGGED), output.lastIndexOf(LOGGED), "logged once: " + output);
  }

  private static String modulePath() throws URISyntaxException {
    return locationOf(SwissStore.class)
        + System.getProperty("path.separator")
        + locationOf(Store.class);
  }

  private static Path locationOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static String run(List<String> flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-ea");
    command.add("-XX:+UseSerialGC");
    command.addAll(flags);
    command.add("-cp");
    command.add(
        flags.contains("-p")
            ? locationOf(RuntimeFeaturesProbe.class).toString()
            : System.getProperty("java.class.path"));
    command.add(RuntimeFeaturesProbe.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
