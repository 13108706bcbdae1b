package io.fkvs.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fkvs.client.FkvsClient;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three members as processes: whatever happens to one, clients see one store. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterTest {
  private static final int REQUESTS = 200;

  @TempDir private Path directory;

  @Test
  void shouldBeOneStoreWhateverHappens() throws Exception {
    try (Members members = new Members(directory, Events.PATIENCE)) {
      try (FkvsClient first = members.client(0);
          FkvsClient second = members.client(1)) {
        first.set("key", "value");
        assertEquals("value", second.get("key"));
        second.delete("key");
        assertNull(first.get("key"));
      }
      Events.LEADER_KILLED.run(members, "leader:", REQUESTS);
      Events.LEADER_FROZEN.run(members, "frozen:", REQUESTS);
      Events.ALL_KILLED.run(members, "all:", REQUESTS);
      Events.DIRECTORY_LOST.run(members, "lost:", REQUESTS);
    }
  }
}
