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
        PciServer<PortConfiguration> server = default;
        if (!start.TryFind("configuration"u8, out GrantRecord ports) || !start.TryFind("devices"u8, out GrantRecord devices)
            || !start.TryFind("slots"u8, out GrantRecord slots)
            || !server.Begin(new PortConfiguration(ports.Slot, (ushort)ports.Argument), in devices, in slots, start.Find("space"u8)))
        {
            ProgramExit.End(NeedsMissing);
        }

        _ = PciDispatch.Run(ref server, start.Find("clients"u8), ReplySet.Of(start.Replies.First, start.Replies.Count));
    }
}
