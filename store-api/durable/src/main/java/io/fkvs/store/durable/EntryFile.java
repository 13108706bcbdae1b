package io.fkvs.store.durable;

import io.fkvs.store.KeyValueStore;
import java.io.IOException;

/**
 * The entries of any store in one file, as {@link EntryWriter} writes it: for those who replicate a
 * store, and have a log of their own. {@link DurableStore#snapshot} and {@link DurableDirectory}
 * are for stores with a log of this module's.
 *
 * <p>A thread that may use the store.
 */
public final class EntryFile {
  private EntryFile() {}

  /**
   * Does to a store what a file holds, and checks each piece before.
   *
   * @param file the file
   * @param name its name, for people
   * @param store the store, which is empty, and whose clock shows the time at which the file was
   *     begun: entries that expire later may be followed by changes of their deadlines. Where this
   *     fails it has some of the entries
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
