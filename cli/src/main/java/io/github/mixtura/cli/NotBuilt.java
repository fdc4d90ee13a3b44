package io.github.mixtura.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A command that has a name but is not part of this version. */
@Command(hidden = true)
final class NotBuilt implements Runnable {
  private static final List<String> NAMES = List.of("pde", "risk");

  private final String name;

  private NotBuilt(String name) {
    this.name = name;
  }

  static void addTo(CommandLine line) {
    for (String name : NAMES) {
      CommandLine command = new CommandLine(new NotBuilt(name));
      command.setUnmatchedArgumentsAllowed(true);
      line.addSubcommand(name, command);
    }
  }

  @Override
  public void run() {
    throw new UsageException(
        "the command '"
            + name
            + "' is not built in this version; built are demo, fit, select, predict, score, "
            + "sample, cluster, backends and jshell");
  }
}
