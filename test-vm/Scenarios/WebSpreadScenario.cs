using System.Text.Json;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>A web server on each of three cores has its share of all callers, and each tells of the programs of all cores. Many connections at once are served without an error; a core dies, and nobody who calls afterwards notices.</summary>
public sealed partial class WebSpreadScenario : SystemScenario
{
    private const int Cores = 3;
    private const int Calls = 30;
    private const int Connections = 48;
    private const int Requests = 3000;
    private const int LooksMax = 400;
    private const int RoundsMax = 20;
    private const int TellMilliseconds = 60_000;

    private static readonly GuestPort s_port = new(80);

    private readonly VmNetwork _network = VmNetwork.Of(s_port);

    /// <inheritdoc/>
    public override string Name => "web-spread";

    /// <inheritdoc/>
    public override string Description => "a web server on each of three cores has its share of the callers; many at once are served, and a core dies under them";

    /// <inheritdoc/>
    public override string? SystemName => "web-spread";

    /// <inheritdoc/>
    public override IReadOnlyList<DebianPackage> Packages => [CurlClient.Package, .. LoadClient.Packages];

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(Cores) { MemoryMiB = 192 }];

    private string Page => $"http://127.0.0.1:{_network.HostPort(s_port)}/api/instances";

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=32 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network, TimeLimit = settings.TimeLimit * 6 };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(Packages.All(package => package.IsInstalled), "ab or curl is not installed")
            || !expect.That(terminal.WaitUntilHeard("http-0: listening"), "the server of core 0 does not listen"))
        {
            return;
        }

        AllServe(run, expect, "at first");
        AllTellOfAll(expect, "at first");
        using var door = new GuestDoor(_network.HostPort(s_port));
        run.Count("requests", LoadClient.Ab(expect, $"http://127.0.0.1:{door.Port}/page.js", Connections, Requests));
        Settle(expect, terminal);
        Kill(expect, terminal, core: Cores - 1);
        AllServe(run, expect, "behind a core's death");
        AllTellOfAll(expect, "behind a core's death");
        Settle(expect, terminal);
    }

    // Every call is answered. Each core has its share as soon as its server listens.
    private void AllServe(ScenarioRun run, Expectations expect, string when)
    {
        int[] calls = new int[Cores];
        for (int round = 0; round < RoundsMax && calls.Contains(0) && expect.Unmet.Count == 0; round++)
        {
            for (int call = 0; call < Calls; call++)
            {
                Match told = Core().Match(CurlClient.Ask(Page) ?? "");
                if (expect.That(told.Success, $"call {call} {when} was not answered"))
                {
                    calls[told.Groups[1].Value[0] - '0']++;
                }
            }
        }

        expect.That(!calls.Contains(0), $"{when} the cores were called {string.Join(", ", calls)} times");
        run.Count($"calls-{when.Replace(' ', '-').Replace("'", "", StringComparison.Ordinal)}", calls.Sum());
    }

    // Each server asks the agents of the other cores, and tells what they say: the programs of each core, as they are now and not as they were before.
    private void AllTellOfAll(Expectations expect, string when)
    {
        long since = -1;
        SortedSet<int> servers = [];
        string last = "";
        long began = Environment.TickCount64;
        while (servers.Count < Cores && expect.Unmet.Count == 0 && Environment.TickCount64 - began < TellMilliseconds)
        {
            last = CurlClient.Ask(Page) ?? "";
            if (!expect.That(last.Length != 0, $"a call {when} was not answered"))
            {
                return;
            }

            using JsonDocument told = JsonDocument.Parse(last);
            since = since < 0 ? told.RootElement.GetProperty("uptime_us").GetInt64() : since;
            JsonElement[] instances = [.. told.RootElement.GetProperty("instances").EnumerateArray()];
            if (instances.Length == Cores && instances.All(instance => TellsSince(instance, since)))
            {
                servers.Add(instances[0].GetProperty("core").GetInt32());
            }
        }

        expect.That(servers.Count == Cores, $"{when} all cores are told by the servers of cores {string.Join(", ", servers)} only; last: {last}");
    }

    // The server of the core and the agents run there, and so do no servers of other cores.
    private static bool TellsSince(JsonElement instance, long since)
    {
        if (!instance.TryGetProperty("told_us", out JsonElement at) || at.GetInt64() < since)
        {
            return false;
        }

        int core = instance.GetProperty("core").GetInt32();
        HashSet<string?> running = [.. instance.GetProperty("programs").EnumerateArray()
            .Where(program => program.GetProperty("state").GetString() == "running").Select(program => program.GetProperty("name").GetString())];
        return Enumerable.Range(0, Cores).All(other => running.Contains($"agent-{other}") && running.Contains($"http-{other}") == (other == core));
    }

    // Started again by the policy. Who calls meanwhile is answered by the others.
    private void Kill(Expectations expect, GuestTerminal terminal, int core)
    {
        string told = Ask(expect, terminal, $"instances kill {core}");
        expect.That(told.Contains("told", StringComparison.Ordinal), $"'instances kill {core}': {told}");

        // The kernel says it, and may break into a line that a program says.
        Says(expect, terminal, $"@restarted core={core} life=2", "that the core was started again");
        Settle(expect, terminal);
        string answer = "";
        for (int look = 0; look < LooksMax; look++)
        {
            answer = Ask(expect, terminal, "instances");
            if (Regex.IsMatch(answer, $@"(?m)^ *{core}  healthy +2 "))
            {
                return;
            }
        }

        expect.That(false, $"core {core} was not started again: {answer}");
    }

    [GeneratedRegex(@"""instances"":\[\{""core"":([0-2])")]
    private static partial Regex Core();
}
