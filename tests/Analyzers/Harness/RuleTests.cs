using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.Harness;

/// <summary>Tests of one rule: sources in which it reports, and neighbours about which it is silent.</summary>
/// <remarks>
/// A row is a list of members of <c>static unsafe class C</c>; methods named <c>…File</c> take whole files.
/// <c>Kernel…</c> rows see kernel/CoreLib, the others Microsoft.NETCore.App, where the language has everything.
/// </remarks>
public abstract class RuleTests<TRule>
    where TRule : DiagnosticAnalyzer, new()
{
    /// <summary>The source must have a marker, and the rule must report exactly the markers.</summary>
    protected static Task ReportsFileAsync(
        string file, TestPlatform platform, string assemblyName = "Atoll.Test", params MetadataReference[] references)
    {
        Assert.NotEmpty(MarkedSource.Parse(file).Expected);
        return RuleVerifier.VerifyAsync([new TRule()], file, platform, assemblyName, files: null, references);
    }

    /// <summary>The source must have no marker, and the rule must be silent.</summary>
    protected static Task IsSilentFileAsync(
        string file, TestPlatform platform, string assemblyName = "Atoll.Test", params MetadataReference[] references)
    {
        Assert.Empty(MarkedSource.Parse(file).Expected);
        return RuleVerifier.VerifyAsync([new TRule()], file, platform, assemblyName, files: null, references);
    }

    /// <summary>As <see cref="ReportsFileAsync"/>, for members, against .NET.</summary>
    protected static Task ReportsAsync(string members) => ReportsFileAsync(InClass(members), TestPlatform.DotNet);

    /// <summary>As <see cref="IsSilentFileAsync"/>, for members, against .NET.</summary>
    protected static Task IsSilentAsync(string members) => IsSilentFileAsync(InClass(members), TestPlatform.DotNet);

    /// <summary>As <see cref="ReportsFileAsync"/>, for members, against the kernel's core library.</summary>
    protected static Task KernelReportsAsync(string members) => ReportsFileAsync(InClass(members), TestPlatform.Kernel);

    /// <summary>As <see cref="IsSilentFileAsync"/>, for members, against the kernel's core library.</summary>
    protected static Task KernelIsSilentAsync(string members) =>
        IsSilentFileAsync(InClass(members), TestPlatform.Kernel);

    private static string InClass(string members) => $"static unsafe class C\n{{\n{members}\n}}\n";
}
