package io.github.mixtura.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mixtura.compute.Backend;
import io.github.mixtura.compute.Backends;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the compute backends. */
@Command(
    name = "backends",
    description = "Lists the compute backends, and why one cannot be used.",
    sortOptions = false)
final class BackendsCommand implements Runnable {
  private final Terminal terminal;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (text).")
  private Format format = Format.TEXT;

  BackendsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    Map<String, Backend.Probe> probes = Backends.probeAll();
    if (format == Format.TEXT) {
      probes.forEach(
          (name, probe) ->
              terminal
                  .out()
                  .printf(
                      "%-8s %s%n",
                      name, probe.usable() ? "usable" : "not usable: " + probe.reason()));
      Backends.notes().forEach(note -> terminal.out().println("note: " + note));
      return;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    probes.forEach(
        (name, probe) -> {
          ObjectNode node = list.addObject();
          node.put("name", name);
          node.put("usable", probe.usable());
          node.put("reason", probe.reason());
        });
    FitDocument.print(list, terminal.out());
  }
}
