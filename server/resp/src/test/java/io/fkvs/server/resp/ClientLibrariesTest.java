package io.fkvs.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.SetParams;

/** What the pages of the usual client libraries tell a beginner to do, done with this server. */
class ClientLibrariesTest {
  private static Server server;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    server = Server.start(ServerConfig.defaults().withPort(0).withRespPort(0).withTable("swiss"));
    port = server.respAddress().orElseThrow().getPort();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void clear() throws IOException {
    try (RespPeer peer = new RespPeer(port)) {
      peer.ask("FLUSHALL");
    }
  }

  @Test
  void shouldServeJedis() {
    try (redis.clients.jedis.RedisClient jedis = jedis()) {
      assertEquals("OK", jedis.set("foo", "bar"));
      assertEquals("bar", jedis.get("foo"));
      assertNull(jedis.set("foo", "other", SetParams.setParams().nx().px(100_000)));
      assertEquals(3, jedis.incrBy("count", 3));
      assertEquals(List.of("bar", "3"), jedis.mget("foo", "count"));
      assertEquals(1, jedis.expire("foo", 100));
      assertTrue(jedis.ttl("foo") > 90);
      try (Pipeline pipeline = jedis.pipelined()) {
        Response<Long> appended = pipeline.append("foo", "s");
        Response<String> value = pipeline.get("foo");
        pipeline.sync();
        assertEquals(4, appended.get());
        assertEquals("bars", value.get());
      }
      try (var transaction = jedis.multi()) {
        Response<Long> added = transaction.incr("count");
        transaction.exec();
        assertEquals(4, added.get());
      }
      assertEquals(2, jedis.del("foo", "count"));
    }
  }

  private static redis.clients.jedis.RedisClient jedis() {
    return redis.clients.jedis.RedisClient.builder().hostAndPort("127.0.0.1", port).build();
  }

  @Test
  void shouldServeLettuce() {
    RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", port));
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      RedisCommands<String, String> sync = connection.sync();
      assertEquals("OK", sync.set("key", "value", SetArgs.Builder.ex(100)));
      assertEquals("value", sync.get("key"));
      assertEquals(4, sync.incrby("n", 4));
      sync.watch("n");
      sync.multi();
      sync.incr("n");
      assertEquals(5L, sync.exec().<Long>get(0));

      RedisAsyncCommands<String, String> async = connection.async();
      connection.setAutoFlushCommands(false);
      List<RedisFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        futures.add(async.set("key" + i, "value" + i));
      }
      connection.flushCommands();
      connection.setAutoFlushCommands(true);
      assertTrue(
          LettuceFutures.awaitAll(10, TimeUnit.SECONDS, futures.toArray(RedisFuture[]::new)));
      assertEquals("value999", sync.get("key999"));
      assertEquals(1002, sync.dbsize());
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldServeSpring() {
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port));
    factory.afterPropertiesSet();
    factory.start();
    try {
      StringRedisTemplate template = new StringRedisTemplate(factory);
      template.opsForValue().set("greeting", "hello", Duration.ofSeconds(100));
      assertEquals("hello", template.opsForValue().get("greeting"));
      assertEquals(Boolean.FALSE, template.opsForValue().setIfAbsent("greeting", "other"));
      assertEquals(1, template.opsForValue().increment("n"));
      template.opsForValue().multiSet(Map.of("a", "1", "b", "2"));
      assertEquals(List.of("1", "2"), template.opsForValue().multiGet(List.of("a", "b")));
      assertEquals(4, template.keys("*").size());
      assertEquals(Boolean.TRUE, template.delete("a"));

      RedisCacheManager caches = RedisCacheManager.create(factory);
      Cache cache = caches.getCache("books");
      assertEquals("title", cache.get("isbn", () -> "title"));
      assertEquals("title", cache.get("isbn").get());
      assertTrue(cache.invalidate());
      assertNull(cache.get("isbn"));
    } finally {
      factory.destroy();
    }
  }
}
