using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Library;

/// <summary>Which assemblies are .NET's own.</summary>
internal static class FrameworkAssemblies
{
    public static bool Contains(IAssemblySymbol assembly) =>
        assembly.Name is "mscorlib" or "netstandard" or "WindowsBase" or "Microsoft.CSharp" or "Microsoft.VisualBasic.Core" or "System"
        || assembly.Name.StartsWith("System.", StringComparison.Ordinal) && IsSigned(assembly)
        || assembly.Name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal);

    // A package may be named System.Something; the framework's own keys are few.
    private static bool IsSigned(IAssemblySymbol assembly) =>
        assembly.Identity.PublicKeyToken is { Length: 8 } token
        && (token[0], token[1], token[7]) is (0xb0, 0x3f, 0x3a) or (0x7c, 0xec, 0x8e) or (0xb7, 0x7a, 0x89) or (0xcc, 0x7b, 0x51);
}
