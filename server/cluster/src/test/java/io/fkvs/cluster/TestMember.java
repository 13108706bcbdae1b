package io.fkvs.cluster;

import io.fkvs.cluster.consensus.Group;
import io.fkvs.cluster.ratis.RatisConsensus;
import io.fkvs.server.ServerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A member as a process: number, directory, patience in milliseconds, then for each member its
 * host, the port between members, the port of compact and the port of RESP. It ends with its
 * standard input.
 */
final class TestMember {
  private TestMember() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int member = Integer.parseInt(args[0]);
    List<Group.Address> members = new ArrayList<>();
    for (int i = 3; i < args.length; i += 4) {
      members.add(new Group.Address(args[i], Integer.parseInt(args[i + 1])));
    }
    ServerConfig config =
        ServerConfig.defaults()
            .withBind(members.get(member).host())
            .withInsecure(true)
            .withPort(Integer.parseInt(args[5 + 4 * member]))
            .withRespPort(Integer.parseInt(args[6 + 4 * member]))
            .withMaxMemoryBytes(2L << 30);
    ClusterNode node =
        ClusterNode.start(
            config,
            new ClusterNode.Part(
                new Group(member, members, Path.of(args[1])),
                false,
                Duration.ofMillis(Long.parseLong(args[2])),
                RatisConsensus::new));
    System.out.println("Ready");
    Thread.ofPlatform().daemon().start(() -> obey(node));
    node.awaitStop();
    System.out.println("Stopped: " + node.failure());
    Runtime.getRuntime().halt(1);
  }

  private static void obey(ClusterNode node) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("snapshot")) {
          node.requestSnapshot();
        }
      }
    } catch (IOException e) {
      System.out.println("Input: " + e);
    }
    Runtime.getRuntime().halt(0);
  }
}
