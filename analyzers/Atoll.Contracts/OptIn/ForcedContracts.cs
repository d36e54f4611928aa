using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Contracts;

/// <summary>Contracts that a project puts on all its code, to see what a contract would cost: <c>AtollForce</c>.</summary>
internal static class ForcedContracts
{
    private const string Property = "build_property.AtollForce";
    private const string Setting = "atoll_force";

    /// <summary>Reads a list of names such as <c>NoGC, NoLock</c>, or <c>All</c>.</summary>
    public static Guarantees Read(AnalyzerConfigOptions options)
    {
        if (!options.TryGetValue(Property, out string? text) && !options.TryGetValue(Setting, out text))
        {
            return Guarantees.None;
        }

        var forced = Guarantees.None;
        foreach (string name in text.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            forced |= Enum.TryParse(name, ignoreCase: true, out Guarantees guarantee) ? guarantee : Guarantees.None;
        }

        return forced;
    }
}
