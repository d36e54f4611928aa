using Atoll.TestVm.Serial;
using Atoll.TestVm.Symbols;

namespace Atoll.Cli.Running;

/// <summary>Says where a program has stopped, in the words of its sources.</summary>
/// <param name="programs">Folder of the programs' images and maps.</param>
public sealed class FaultNote(string programs)
{
    private readonly Dictionary<string, SymbolMap> _maps = [];

    /// <summary>The sentence for a record <c>@fault</c>.</summary>
    public string Of(SerialRecord fault)
    {
        string place = fault.TryNumber("rip", out ulong rip) ? MapOf(fault["image"]).Describe(rip) : $"'{fault["rip"]}'";
        string address = fault.TryNumber("address", out ulong at) ? $", address 0x{at:x}" : "";
        string core = fault.Keys.ContainsKey("core") ? $" on core {fault["core"]}" : "";
        return $"program '{fault["program"]}'{core} stopped: {fault["kind"]} at {place}{address}";
    }

    private SymbolMap MapOf(string image)
    {
        // The name comes from the guest: it must not lead out of the folder.
        string name = Path.GetFileName(image);
        if (!_maps.TryGetValue(name, out SymbolMap? map))
        {
            map = SymbolMap.BesideImage(Path.Combine(programs, name + ".elf"));
            _maps[name] = map;
        }

        return map;
    }
}
