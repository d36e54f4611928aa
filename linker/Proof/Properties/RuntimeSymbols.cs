using Atoll.Linker.Diagnostics;
using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Properties;

/// <summary>The image neither has nor wants a symbol of the .NET runtime.</summary>
/// <remarks>Names of the C library are another matter: a definition of one is ordinary code, which is proved like all
/// other.</remarks>
public static class RuntimeSymbols
{
    /// <summary>Checks.</summary>
    /// <returns>Symbols examined.</returns>
    public static int Check(ProofContext proof)
    {
        foreach (string name in proof.Image.Undefined)
        {
            proof.Report(ProofDiagnostics.ForbiddenSymbol, $"The image refers to '{name}', which it does not define.", name);
        }

        foreach (WrittenSymbol symbol in proof.Image.Symbols)
        {
            if (IsForbidden(symbol.Name, out string cause))
            {
                proof.Report(ProofDiagnostics.ForbiddenSymbol, $"The image defines '{symbol.Name}': {cause}.", symbol.Name);
            }
        }

        return proof.Image.Symbols.Count + proof.Image.Undefined.Count;
    }

    private static bool IsForbidden(string name, out string cause)
    {
        if (name == ForbiddenSymbols.EagerCctor)
        {
            cause = "a static constructor would have to run, and nobody runs it";
            return true;
        }

        bool isRuntimes = name.StartsWith("Rh", StringComparison.Ordinal) || name.StartsWith('_') || name == "g_cpuFeatures";
        return ForbiddenSymbols.TryExplain(name, out cause) && isRuntimes;
    }
}
