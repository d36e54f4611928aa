using System.Text.Json;
using Atoll.Cli.Systems;
using Atoll.Cli.Terminal;
using Atoll.Cli.Tests.Systems;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Tests.Terminal;

/// <summary>Who holds what, per core and program, and why something was not given.</summary>
public sealed class SystemTextTests
{
    private const string System = """
        description = "A console over a line"
        cores = 2
        [[program]]
        name = "serial"
        restart = "on-fault"
        [program.ports]
        uart = { first = 0x3F8, last = 0x3FF }
        [program.interrupts]
        uart-line = { line = 4 }
        [[program]]
        name = "tty"
        image = "console"
        faults_to = "watcher"
        budget_us = 500
        period_us = 1000
        [[program]]
        name = "watcher"
        core = "every"
        [[program]]
        name = "lazy-meter"
        core = 1
        [[channel]]
        server = "serial.bytes"
        clients = ["tty.serial"]
        """;

    [Fact]
    public void LinesTellByCore()
    {
        string text = string.Join('\n', SystemText.Lines(Plan(), "artifacts/systems/sample.bundle", 5 * 4096));

        Assert.Equal(
            """
            sample: A console over a line
            2 cores, 8 MiB for the programs of each, 3 channels
            artifacts/systems/sample.bundle: 5 pages of at most 512

            every core
              watcher: priority 100, turns of 10000 us, never restarted, faults to init
                memory     128 KiB, of which 76 are made something of
                slot  8    watched = faults (watch 1): channel 2, faults only

            core 0
              serial: priority 100, turns of 10000 us, restarted on a fault, 5 times in 60 s, faults to init
                memory     128 KiB, of which 76 are made something of
                slot  8    bytes = serve (serial 1): channel 1, for tty
                slot  9    uart = ports: ports 0x3f8 to 0x3ff
                slot 10    uart-line = interrupt: line 4, edge, active high, bit 0
              tty (image console): priority 100, 500 of each 1000 us, never restarted, faults to watcher
                memory     128 KiB, of which 76 are made something of
                slot  8    serial = call (serial 1): channel 1 to serial, badge 2
                not given  log = call: optional, and no [[channel]] has it among its clients

            core 1
              lazy-meter: priority 100, turns of 10000 us, never restarted, faults to init
                memory     128 KiB, of which 76 are made something of
                not given  figures = figures: optional, and 'allow' does not list "figures"
            """,
            text);
    }

    [Fact]
    public void JsonSaysTheSame()
    {
        using JsonDocument json = JsonDocument.Parse(SystemJson.Of(Plan(), "artifacts/systems/sample.bundle", 4096));

        JsonElement tty = json.RootElement.GetProperty("programs")[1];
        Assert.Equal(("tty", "console", 0), (tty.GetProperty("name").GetString(), tty.GetProperty("image").GetString(), tty.GetProperty("core").GetInt32()));
        Assert.Equal("watcher", tty.GetProperty("faultsTo").GetString());
        JsonElement grant = tty.GetProperty("grants")[0];
        Assert.Equal(("serial", "call", 8, 2), (grant.GetProperty("name").GetString(), grant.GetProperty("kind").GetString(), grant.GetProperty("slot").GetInt32(), grant.GetProperty("badge").GetInt32()));
        Assert.Equal("no [[channel]] has it among its clients", tty.GetProperty("notGiven")[0].GetProperty("why").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("programs")[2].GetProperty("core").ValueKind);
    }

    private static SystemPlan Plan()
    {
        DiagnosticBag findings = new();
        SystemDescription description = SystemFile.Read(TomlFile.Parse(System, "systems/sample.toml", findings)!, "sample", findings)!;
        SystemPlan? plan = SystemCheck.Run(description, SamplePrograms.All, findings);
        Assert.Empty(findings.Found);
        return plan!;
    }
}
