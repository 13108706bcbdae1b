package io.fkvs.store.durable;

import io.fkvs.store.JournaledStore;
import io.fkvs.store.KeyValueStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The entries of any store in one file, in the format of a base: for those who replicate a store,
 * and have a log of their own. {@link DurableStore#snapshot} and {@link DurableDirectory} are for
 * stores with a log of this module's.
 *
 * <p>A thread that may use the store.
 */
public final class EntryFile {
  private EntryFile() {}

  /**
   * Writes all entries of a store. Takes time in proportion to their number.
   *
   * @param file the file, which is empty; it is synced, and stays open
   * @param store the store, which nobody may change meanwhile
   * @param timeMs the time of the store, in milliseconds since 1970
   * @throws IOException if it cannot be written
   */
  public static void write(DiskFile file, KeyValueStore store, long timeMs) throws IOException {
    ClampedClock clock = DurableDirectory.noClock();
    clock.advance(timeMs);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    FileHeader header =
        new FileHeader(
            FileHeader.Kind.BASE,
            random.nextInt(1, Integer.MAX_VALUE),
            random.nextLong(),
            Snapshots.NUMBER,
            1,
            timeMs);
    BaseWriter writer = new BaseWriter(header, clock);
    writer.start(file);
    try {
      file.write(header.encode(), 0);
      store.forEach(JournaledStore.telling(writer));
      writer.end(0);
      file.force();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Puts all entries of a file into a store, and checks each before.
   *
   * @param file the file
   * @param name its name, for people
   * @param store the store, which is empty; where this fails it has some of the entries
   * @throws CorruptException if the file is damaged, with the place
   * @throws IOException if it cannot be read
   * @throws io.fkvs.store.StoreFullException if the store has no room
   */
  public static void read(DiskFile file, String name, KeyValueStore store) throws IOException {
    FileHeader header = FileHeader.read(file, FileHeader.Kind.BASE, name);
    FrameReader reader = new FrameReader(file, header, name, file.size());
    Loader loader = new Loader(store);
    new Recovery(null, null, loader, DurableDirectory.noClock())
        .readBase(reader, header, file.size(), loader);
    loader.flush();
  }
}
