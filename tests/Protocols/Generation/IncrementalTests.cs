using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Atoll.Protocols.Tests.Generation;

/// <summary>While somebody types, code is made again only when a protocol has changed.</summary>
public sealed class IncrementalTests
{
    [Theory]
    [InlineData("class Other { void Body() { } }", false)]
    [InlineData("namespace A; using Atoll.Services.Lib; [Protocol(\"small\", version: 1)] public interface ISmall { void Go(); }", true)]
    public void OtherFile_MakesNothingAgain(string added, bool isMore)
    {
        GeneratorRun run = GeneratorRun.OverSample();
        GeneratorRunResult result = run.Driver
            .RunGenerators(run.Before.AddSyntaxTrees(CSharpSource.Parse(added, "Other.cs")))
            .GetRunResult().Results[0];
        IncrementalStepRunReason[] reasons = [.. result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).Select(output => output.Reason)];
        Assert.Contains(IncrementalStepRunReason.Cached, reasons);
        Assert.Equal(isMore, reasons.Any(reason => reason is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged)));
    }

    [Fact]
    public void SameIdsInAnotherOrder_MakeTheSame()
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("tests", "Protocols", "Sample", "sample.protocol.txt"));
        string turned = string.Join('\n', [.. lines.Take(2), .. lines.Skip(2).Reverse()]);
        Assert.Equal(GeneratorRun.OverSample().Made, GeneratorRun.OverSample(turned).Made);
    }
}
