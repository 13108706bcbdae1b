package io.fkvs.bench.jmh;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.fkvs.bench.table.GrowthRun.Growth;
import io.fkvs.bench.table.MemoryRun.Memory;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder that a run leaves: {@code results.zip} with all that was measured, and what is made of
 * it. One thread.
 *
 * <pre>
 *   results.zip   run.json        machine, command, what failed
 *                 jmh.json        as JMH writes it, shortened
 *                 growth/TABLE.json, growth/TABLE.hgrm
 *                 memory/TABLE.json
 * </pre>
 *
 * <p>The archive is replaced as a whole after each JVM: a run that is stopped loses what the one
 * under way has measured.
 */
final class RunFolder {
  static final String RESULTS = "results.zip";
  static final String GROWTH = "growth";
  static final String MEMORY = "memory";

  private static final String FACTS = "run.json";
  private static final String JMH = "jmh.json";
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** What is done with the root folder of the archive. */
  private interface Change {
    void apply(Path root) throws IOException;
  }

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /** Makes the folder. It must not hold a run. */
  static RunFolder create(Path path) {
    var folder = new RunFolder(path);
    if (Files.exists(folder.results())) {
      throw new ReportException("folder holds a run already: folder=" + path);
    }
    try {
      Files.createDirectories(path);
      return folder;
    } catch (IOException e) {
      throw new ReportException("folder cannot be made: folder=" + path, e);
    }
  }

  /** Finds the folder of a run that has been made. */
  static RunFolder existing(Path path) {
    var folder = new RunFolder(path);
    if (!Files.isRegularFile(folder.results())) {
      throw new ReportException("folder holds no run: folder=" + path + ", missing=" + RESULTS);
    }
    return folder;
  }

  Path path() {
    return path;
  }

  private Path results() {
    return path.resolve(RESULTS);
  }

  /** Adds the results of a round's fork, JMH's {@code .json} files in a folder, and gives them. */
  List<Measurement> add(Path folder, int round) throws IOException {
    List<Path> results = files(folder, ".json");
    change(
        root -> {
          Path all = root.resolve(JMH);
          Files.writeString(all, JmhJson.merged(all, results, round) + "\n");
        });
    return results.stream().flatMap(file -> JmhJson.read(file).stream()).toList();
  }

  /** Adds the files of a folder to {@link #GROWTH} or {@link #MEMORY}. */
  void add(String kind, Path folder) throws IOException {
    change(
        root -> {
          Path target = Files.createDirectories(root.resolve(kind));
          for (Path file : files(folder, "")) {
            Files.copy(file, target.resolve(file.getFileName().toString()));
          }
        });
  }

  void write(RunFacts facts) throws IOException {
    change(root -> Files.writeString(root.resolve(FACTS), GSON.toJson(facts) + "\n"));
  }

  /** Changes a copy of the archive and puts it in the archive's place. */
  private void change(Change change) throws IOException {
    Path part = path.resolve(RESULTS + ".part");
    Files.deleteIfExists(part);
    if (Files.exists(results())) {
      Files.copy(results(), part);
    }
    try (FileSystem zip = FileSystems.newFileSystem(part, Map.of("create", "true"))) {
      change.apply(zip.getPath("/"));
    }
    Files.move(
        part, results(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Everything that the folder holds; nothing of a kind is no error. */
  RunData read() {
    try (FileSystem zip = FileSystems.newFileSystem(results())) {
      Path root = zip.getPath("/");
      Path jmh = root.resolve(JMH);
      return new RunData(
          json(root.resolve(FACTS), RunFacts.class),
          Files.exists(jmh) ? JmhJson.read(jmh) : List.of(),
          jsons(root.resolve(GROWTH), Growth.class).toList(),
          jsons(root.resolve(MEMORY), Memory[].class).flatMap(Stream::of).toList());
    } catch (IOException | ProviderNotFoundException e) {
      throw new ReportException("results cannot be read: file=" + results(), e);
    }
  }

  private static <T> Stream<T> jsons(Path folder, Class<T> type) throws IOException {
    return files(folder, ".json").stream().map(file -> json(file, type));
  }

  private static <T> T json(Path file, Class<T> type) {
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

  /** The files of a folder whose names end so, by name; none where there is no folder. */
  private static List<Path> files(Path folder, String end) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }
}
