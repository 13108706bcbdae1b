import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs google-java-format over every Java file of the project: Format JAR [FLAG...]. */
final class Format {
  private static final List<String> COMPILER_PACKAGES =
      List.of("api", "code", "file", "main", "parser", "tree", "util");

  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-XX:TieredStopAtLevel=1");
    for (String name : COMPILER_PACKAGES) {
      command.add("--add-exports=jdk.compiler/com.sun.tools.javac." + name + "=ALL-UNNAMED");
    }
    command.add("-jar");
    command.addAll(List.of(args));
    Path list = Files.createTempFile("sources", ".txt");
    try (var files = Files.walk(Path.of("."))) {
      Files.write(
          list,
          files
              .filter(f -> f.toString().endsWith(".java"))
              .filter(f -> !f.toString().contains("/target/"))
              .map(Path::toString)
              .sorted()
              .toList());
    }
    command.add("@" + list);
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    Files.delete(list);
    if (status != 0) {
      System.err.println("not formatted: the files above; mend them with: mvn validate -Pformat");
    }
    System.exit(status);
  }
}
