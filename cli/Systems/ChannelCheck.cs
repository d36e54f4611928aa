using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;

namespace Atoll.Cli.Systems;

/// <summary>Joins the ends of channels: who serves, who calls, in the same words, on the same core.</summary>
internal sealed class ChannelCheck(Checks checks)
{
    private const string InitProtocol = "system";
    private const ushort InitVersion = 1;

    private readonly HashSet<string> _servers = [];

    /// <summary>Numbers given so far, Init's channel included.</summary>
    public uint Count { get; private set; } = SystemHeader.InitChannel + 1;

    /// <summary>Joins all channels, and gives a number to each need of kind faults that is on none.</summary>
    public void Run()
    {
        foreach (ChannelDescription channel in checks.System.Channels)
        {
            Join(channel);
        }

        foreach (CheckedProgram program in checks.Programs)
        {
            foreach (NeedRequest need in program.Image.Manifest.Needs.Where(need => need.Kind == GrantKind.Faults))
            {
                if (checks.GiftOf(program, need) is null)
                {
                    checks.Give(program, need, new Gift($"channel {Count}, faults only") { Object = Count++ }, program.Description.Place);
                }
            }
        }

        if (Count > SystemHeader.ChannelsMax)
        {
            checks.Report(
                DescriptionDiagnostics.TooMany,
                $"The system has {Count} channels, Init's and those for faults included, of at most {SystemHeader.ChannelsMax}.",
                checks.System.Place);
        }
    }

    private void Join(ChannelDescription channel)
    {
        ChannelEnd end = channel.Server;
        if (!_servers.Add(end.ToString()))
        {
            checks.Report(DescriptionDiagnostics.NeedSatisfiedTwice, $"Two channels are served by '{end}': list all clients in one.", end.Place);
            return;
        }

        if (end.IsInit)
        {
            NeedRequest served = new(ChannelEnd.Init, GrantKind.Serve, InitProtocol, InitVersion);
            JoinClients(channel, new Serving(ChannelEnd.Init, -1, null, served, SystemHeader.InitChannel));
            return;
        }

        if (checks.Find(end.Program, end.Place) is not { } server
            || checks.FindNeed(server, end.Need, end.Place, GrantKind.Serve, GrantKind.Faults) is not { } need)
        {
            return;
        }

        uint number = Count++;
        string clients = string.Join(", ", channel.Clients.Select(client => client.Program).Distinct());
        checks.Give(server, need, new Gift($"channel {number}, for {(clients.Length == 0 ? "nobody" : clients)}") { Object = number }, end.Place);
        JoinClients(channel, new Serving(server.Name, server.Index, server.Description.Core.Value, need, number));
    }

    private void JoinClients(ChannelDescription channel, Serving serving)
    {
        foreach (ChannelEnd end in channel.Clients)
        {
            if (end.IsInit)
            {
                checks.Report(DescriptionDiagnostics.BadReference, "Init calls nobody.", end.Place);
            }
            else if (checks.Find(end.Program, end.Place) is { } client
                && checks.FindNeed(client, end.Need, end.Place, GrantKind.Call) is { } need && Agree(serving, client, need, end))
            {
                Gift gift = new($"channel {serving.Channel} to {serving.Name}, badge {client.Index + 1}")
                {
                    Object = serving.Channel,
                    Badge = (ulong)client.Index + 1,
                };
                checks.Give(client, need, gift, end.Place);
            }
        }
    }

    private bool Agree(Serving serving, CheckedProgram client, NeedRequest need, ChannelEnd end)
    {
        if (client.Index == serving.Program)
        {
            checks.Report(DescriptionDiagnostics.BadReference, $"'{end}' would call its own program, and wait for ever.", end.Place);
            return false;
        }

        bool isSame = need.Protocol == serving.Need.Protocol && need.Version == serving.Need.Version;
        if (!isSame)
        {
            checks.Report(
                DescriptionDiagnostics.ProtocolDiffers,
                $"'{end}' speaks '{need.Protocol}' version {need.Version} ({client.Image.ManifestFile}), and '{serving.Name}' serves '{serving.Need.Protocol}' version {serving.Need.Version}.",
                end.Place);
            return false;
        }

        bool isNear = serving.Program < 0 || Checks.IsWhere(serving.Core, client.Description.Core.Value);
        if (!isNear)
        {
            checks.Report(
                DescriptionDiagnostics.CoreDiffers,
                $"'{client.Name}' runs on {Checks.CoreText(client.Description.Core.Value)}, and '{serving.Name}' on {Checks.CoreText(serving.Core)}.",
                end.Place);
        }

        return isNear;
    }

    /// <summary>The serving end of a channel.</summary>
    private sealed record Serving(string Name, int Program, int? Core, NeedRequest Need, uint Channel);
}
