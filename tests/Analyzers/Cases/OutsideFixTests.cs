using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Stack;
using Atoll.Analyzers.Tests.CodeFixes;
using Xunit;

namespace Atoll.Analyzers.Tests.Cases;

/// <summary>Fixes that changed what the code does, found by somebody outside: they are not offered now.</summary>
public sealed class OutsideFixTests : CodeFixTests<PassLargeByReferenceAnalyzer, PassByInFix>
{
    [Theory]
    [InlineData("x01_pass_by_in_fix_reads_the_alias")]
    public Task IsNotOffered(string name) => IsNotOfferedAsync(OutsideCaseTests.Read(name));
}
