using Atoll.Analyzers.Tests.Harness;
using Atoll.Analyzers.Tests.Load;
using Xunit;

namespace Atoll.Analyzers.Tests.Cases;

/// <summary>What somebody who tried to get around the rules found: each case is a file, whose markers say what the rules report now.</summary>
/// <remarks>c: a crash; f: a false alarm; m: missed; x: a fix that changes results. The kinds have their neighbours in the tests of each rule.</remarks>
public sealed class OutsideCaseTests
{
    /// <summary>All rules at once: the case is not hidden behind another report.</summary>
    [Theory]
    [InlineData("f01_nameof_of_member_is_no_copy")]
    [InlineData("f02_foreach_borrows_owned")]
    [InlineData("f04_custom_handler_without_text")]
    [InlineData("m01_span_of_null_with_length")]
    [InlineData("m02_overlay_forges_linear")]
    [InlineData("m03_out_discard_leaks")]
    [InlineData("m04_partial_without_body_consumes")]
    [InlineData("m05_ref_alias_of_shared_word")]
    [InlineData("m06_divisor_changed_through_ref_local")]
    [InlineData("m07_unsafe_ref_to_dead_local")]
    [InlineData("m08_null_ref_field_indexed")]
    [InlineData("m09_function_pointer_cast_int_to_ref")]
    [InlineData("m10_nameof_is_a_string")]
    [InlineData("m11_result_overwritten_unread")]
    [InlineData("m12_shared_word_across_a_cache_line")]
    public Task InTheKernel(string name) => RuleVerifier.VerifyAsync(RuleVerifier.AllRules, Read(name), TestPlatform.Kernel);

    /// <inheritdoc cref="InTheKernel"/>
    [Theory]
    [InlineData("c01_top_level_statement_crashes_ATL0007")]
    [InlineData("f05_null_test_of_type_parameter")]
    public Task InDotNet(string name) => RuleVerifier.VerifyAsync(RuleVerifier.AllRules, Read(name), TestPlatform.DotNet);

    /// <summary>C# that only the SDK's compiler knows.</summary>
    [Theory]
    [InlineData("f03_instance_compound_operator_in_place")]
    public void InTheNewestLanguage(string name)
    {
        string source = Read(name);
        Assert.Equal(SdkReports.Expected(source), SdkReports.Of(source, TestPlatform.Kernel));
    }

    [Fact]
    public void EveryCase_IsNamedInATest() =>
        Assert.Equal(
            Directory.EnumerateFiles(Folder, "*.cs").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            new[] { typeof(OutsideCaseTests), typeof(OutsideFixTests) }
                .SelectMany(static tests => tests.GetMethods())
                .SelectMany(static test => test.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>()
                    .Select(row => (string)row.GetData(test).Single()[0]))
                .Order(StringComparer.Ordinal));

    private static string Folder => Repository.PathOf("tests", "Analyzers", "Cases", "Sources");

    /// <summary>The text of a case, with its markers.</summary>
    internal static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name + ".cs"));
}
