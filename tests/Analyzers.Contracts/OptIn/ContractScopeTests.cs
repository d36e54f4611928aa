using Atoll.Contracts.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Contracts.Tests.OptIn;

/// <summary>Where a contract can stand, and whom it binds.</summary>
public sealed class ContractScopeTests
{
    [Fact]
    public async Task NoContract_NothingIsReported()
    {
        var found = await RuleRun.Of("class C { object M() => new object(); }");

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("using Atoll;\nclass C {\n[NoGC] object M() =>\n new object(); }", "ATL2001@4")]
    [InlineData("using Atoll;\n[NoGC] class C {\n object M() =>\n new object(); }", "ATL2001@4")]
    [InlineData("using Atoll;\n[assembly: NoGC]\nclass C { object M() =>\n new object(); }", "ATL2001@4")]
    [InlineData("using Atoll;\n[NoGC] class C { class D { object M() =>\n new object(); } }", "ATL2001@3")]
    [InlineData("using Atoll;\nclass C { [NoGC] object P =>\n new object(); }", "ATL2001@3")]
    [InlineData("using Atoll;\nclass C { object P { [NoGC] get =>\n new object(); } }", "ATL2001@3")]
    [InlineData("using Atoll;\nclass C { [NoGC] object this[int i] =>\n new object(); }", "ATL2001@3")]
    [InlineData("using Atoll;\nclass C { [NoGC] public static object operator +(C c) =>\n new object(); }", "ATL2001@3")]
    [InlineData("using Atoll;\nclass C { void M() { L(); [NoGC] object L() =>\n new object(); } }", "ATL2001@3")]
    [InlineData("using Atoll;\nclass C { [NoGC] void M() { L(); object L() =>\n new object(); } }", "ATL2001@3")]
    public async Task Contract_BindsWhatItStandsOn(string source, string expected) =>
        Assert.Equal(expected, RuleRun.Summary(await RuleRun.Of(source)));

    [Theory]
    [InlineData("using Atoll;\ninterface I { [NoGC] object M(); }\nclass C : I { public object M() =>\n new object(); }", "ATL2001@4")]
    [InlineData("using Atoll;\ninterface I { [NoGC] object M(); }\nclass C : I { object I.M() =>\n new object(); }", "ATL2001@4")]
    [InlineData("using Atoll;\nabstract class B { [NoGC] public abstract object M(); }\nclass C : B { public override object M() =>\n new object(); }", "ATL2001@4")]
    [InlineData("using Atoll;\ninterface I { [NoGC] object P { get; } }\nclass C : I { public object P =>\n new object(); }", "ATL2001@4")]
    public async Task Contract_IsInheritedByWhatImplementsIt(string source, string expected) =>
        Assert.Equal(expected, RuleRun.Summary(await RuleRun.Of(source)));

    [Fact]
    public async Task ConstructorOfClass_IsNotBoundByItsType()
    {
        var found = await RuleRun.Of("using Atoll;\n[NoGC] class C { int[] _a = new int[3]; C() { _a = new int[4]; } static object s = new object(); }");

        Assert.Empty(found);
    }

    [Fact]
    public async Task ConstructorOfStruct_IsBoundByItsType_WithItsInitialisers()
    {
        var found = await RuleRun.Of("using Atoll;\n[NoGC] struct S {\n int[] _a = new int[3];\n public S(int n) { _a[0] = n; } }");

        Assert.Equal("ATL2002@3", RuleRun.Summary(found));
    }

    [Fact]
    public async Task AllowAlloc_WithReason_Allows()
    {
        var found = await RuleRun.Of("using Atoll;\n[NoGC] class C { [AllowAlloc(\"once\")] object M() => new object(); object N() => M(); }");

        Assert.Empty(found);
    }

    [Fact]
    public async Task AllowAlloc_WithoutReason_AllowsNothing_AndIsReported()
    {
        var found = await RuleRun.Of("using Atoll;\n[NoGC] class C {\n[AllowAlloc(\" \")] object M() =>\n new object(); }");

        Assert.Equal("ATL2903@3 ATL2001@4", RuleRun.Summary(found));
    }

    [Fact]
    public async Task CalleeOfOtherAssembly_IsKnownByItsContract()
    {
        CSharpCompilation library = RuleRun.Compile("Library", "using Atoll; public static class L { [NoGC] public static int Kept() => 1; public static int Open() => 1; }");
        CSharpCompilation program = RuleRun.Compile(
            "Program", "using Atoll;\nclass C {\n [NoGC] int M() => L.Kept();\n [NoGC] int N() => L.Open(); }", LanguageVersion.Preview, library.ToMetadataReference());

        Assert.Equal("ATL2901@4", RuleRun.Summary(await RuleRun.Of(program)));
    }

    [Fact]
    public async Task OverrideOfAnotherAssemblysPromise_IsChecked_WithoutAWordInThisOne()
    {
        CSharpCompilation library = RuleRun.Compile("Library", "using Atoll; public abstract class B { [NoGC] public abstract object M(); }");
        CSharpCompilation program = RuleRun.Compile(
            "Program", "class C : B { public override object M() =>\n new object(); }", LanguageVersion.Preview, library.ToMetadataReference());

        Assert.Equal("ATL2001@2", RuleRun.Summary(await RuleRun.Of(program)));
    }

    [Fact]
    public async Task Forced_EverythingIsBound()
    {
        var found = await RuleRun.Of(
            "class C { object M() =>\n new object(); }", options: new Dictionary<string, string> { ["build_property.AtollForce"] = "NoGC" });

        Assert.Equal("ATL2001@2", RuleRun.Summary(found));
    }

    [Fact]
    public void Attributes_DoNotClashAcrossFriends()
    {
        CSharpCompilation library = RuleRun.Compile(
            "Library", "using Atoll; [assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Program\")] public static class L { [NoGC] public static int M() => 1; }");
        var image = new MemoryStream();
        Assert.True(library.Emit(image).Success);
        image.Position = 0;
        CSharpCompilation program = RuleRun.Compile(
            "Program", "using Atoll; public class C { [NoGC] public int M() => L.M(); }", LanguageVersion.Preview, MetadataReference.CreateFromStream(image));

        Assert.Empty(program.GetDiagnostics().Where(one => one.Severity >= DiagnosticSeverity.Warning));
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp7_3)]
    [InlineData(LanguageVersion.CSharp10)]
    public async Task OldLanguage_IsRead(LanguageVersion language)
    {
        var found = await RuleRun.Of("using Atoll;\nclass C { [NoGC] object M() {\n return new object(); } }", language);

        Assert.Equal("ATL2001@3", RuleRun.Summary(found));
    }

    [Fact]
    public async Task MethodGroup_BeforeCSharp11_IsANewDelegateEachTime()
    {
        const string Source = "using Atoll;\nclass C { static void F() { } [NoGC] System.Action M() {\n return F; } }";

        Assert.Equal("ATL2004@3", RuleRun.Summary(await RuleRun.Of(Source, LanguageVersion.CSharp10)));
        Assert.Empty(await RuleRun.Of(Source, LanguageVersion.CSharp11));
    }
}
