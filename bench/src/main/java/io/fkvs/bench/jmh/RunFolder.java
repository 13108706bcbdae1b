package io.fkvs.bench.jmh;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import io.fkvs.bench.table.GrowthRun.Growth;
import io.fkvs.bench.table.MemoryRun.Memory;
import io.fkvs.load.report.WholeFile;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that a run leaves: {@code jmh.json} as JMH writes it, {@code run.json}, {@code
 * growth/} with a histogram for each table, {@code memory/}, and what is made of them. One thread.
 *
 * <p>Every file is replaced as a whole after each measurement: a run that is stopped loses the one
 * measurement that was under way.
 */
final class RunFolder {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();
  private static final Type MEMORIES = new TypeToken<List<Memory>>() {}.getType();

  private final Path path;

  RunFolder(Path path) {
    this.path = path;
  }

  /** Makes the folder. It must not hold a run. */
  static RunFolder create(Path path) {
    if (Files.exists(path.resolve("run.json"))) {
      throw new ReportException("folder holds a run already: folder=" + path);
    }
    try {
      Files.createDirectories(path.resolve("growth"));
      Files.createDirectories(path.resolve("memory"));
    } catch (IOException e) {
      throw new ReportException("folder cannot be made: folder=" + path, e);
    }
    return new RunFolder(path);
  }

  /** Finds the folder of a run that has been made. */
  static RunFolder existing(Path path) {
    if (!Files.isRegularFile(path.resolve("run.json"))) {
      throw new ReportException("folder holds no run: folder=" + path + ", missing=run.json");
    }
    return new RunFolder(path);
  }

  Path path() {
    return path;
  }

  Path growth() {
    return path.resolve("growth");
  }

  Path memory() {
    return path.resolve("memory");
  }

  private Path results() {
    return path.resolve("jmh.json");
  }

  /** Adds the results of one file to those of the run. */
  void add(Path file) throws IOException {
    JsonArray all =
        Files.exists(results())
            ? JsonParser.parseString(Files.readString(results())).getAsJsonArray()
            : new JsonArray();
    all.addAll(JsonParser.parseString(Files.readString(file)).getAsJsonArray());
    WholeFile.write(results(), GSON.toJson(all) + "\n");
  }

  void write(RunFacts facts) throws IOException {
    WholeFile.write(path.resolve("run.json"), GSON.toJson(facts) + "\n");
  }

  /** Everything that the folder holds; nothing of a kind is no error. */
  RunData read() {
    return new RunData(
        one(path.resolve("run.json"), RunFacts.class),
        Files.exists(results()) ? JmhJson.read(results()) : List.of(),
        files(growth()).stream().<Growth>map(file -> one(file, Growth.class)).toList(),
        files(memory()).stream()
            .flatMap(file -> RunFolder.<List<Memory>>one(file, MEMORIES).stream())
            .toList());
  }

  private static <T> T one(Path file, Type type) {
    try {
      T read = GSON.fromJson(Files.readString(file), type);
      if (read == null) {
        throw new ReportException("file is empty: file=" + file);
      }
      return read;
    } catch (IOException e) {
      throw new ReportException("file cannot be read: file=" + file, e);
    } catch (JsonParseException e) {
      throw new ReportException("file is no JSON of a run: file=" + file, e);
    }
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(
          files.filter(file -> file.toString().endsWith(".json")).sorted().toList());
    } catch (IOException e) {
      throw new ReportException("folder cannot be read: folder=" + folder, e);
    }
  }
}
