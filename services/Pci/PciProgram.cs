using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pci;

/// <summary>Hands devices of the PCI bus out to their drivers (docs/services.md).</summary>
public static class PciProgram
{
    private const byte NeedsMissing = 1;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        PciServer<PortConfiguration, RemappingPage> server = default;
        if (!start.TryFind("configuration"u8, out GrantRecord ports) || !start.TryFind("devices"u8, out GrantRecord devices)
            || !start.TryFind("slots"u8, out GrantRecord slots))
        {
            ProgramExit.End(NeedsMissing);
            return;
        }

        uint space = start.Find("space"u8);
        if (slots.Argument < PciServer<PortConfiguration, RemappingPage>.SlotsNeeded + ReachSetup.SlotsNeeded
            || !server.Begin(new PortConfiguration(ports.Slot, (ushort)ports.Argument), in devices, in slots, space))
        {
            ProgramExit.End(NeedsMissing);
        }

        server.TellFaults(start.Find("console"u8), start.TscHz);
        ReachSetup.Begin(
            ref server, in start, in devices, new CNodeTable(slots.Slot), slots.Slot + 1 + PciServer<PortConfiguration, RemappingPage>.SlotsNeeded);
        _ = PciDispatch.Run(ref server, start.Find("clients"u8), ReplySet.Of(start.Replies.First, start.Replies.Count));
    }
}
