using System.Collections.Immutable;
using System.Reflection;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.Load;

/// <summary>A rule that crashes is an error of every compilation under the profile, whatever the project says of AD0001.</summary>
public sealed class CrashTests
{
    // Something for each kind of action that a rule registers.
    private const string Everything =
        """
        #pragma warning disable CS0168
        using System.Diagnostics.CodeAnalysis;
        [Message(Id = 1)] struct M { public int X; }
        [Trusted(Safety = "a")] unsafe class C(int n) : IDisposable
        {
            [Shared] struct S { public ulong Word; }
            int _field = n;
            int P { get; set; }
            event Action E;
            static readonly int s_x = 1 / 2;
            ~C() { }
            public void Dispose() { }
            static int F(int n, S s, ref S t)
            {
                int Local(int x) => x + 1;
                int* p = &n; p++; p[0] = *p; delegate*<int, int> f = null;
                object boxed = n; string text = $"{n}" + "a"; int[] array = [1, 2]; Action lambda = () => n++;
                foreach (int one in array) { n /= one; }
                while (Volatile.Read(ref n) == 0) { }
                try { lock (boxed) { n = Local(n) / n; } } catch { throw; } finally { n = 0; }
                using var c = new C(n);
                (int a, _) = (1, 2); _ = t; checked { n++; }
                switch (n) { case > 1 and < 5: break; default: n = f(n); break; }
                return boxed is int i and not 0 && c is { P: 1 } ? i : F(n, s, ref t);
            }
        }
        """;

    public static TheoryData<string> Ids => [.. RuleVerifier.AllRules.Select(rule => rule.SupportedDiagnostics[0].Id)];

    /// <summary>Each rule of the product, with each of its actions made to throw.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public async Task AnyRule_ThatCrashes_IsAnError(string id)
    {
        KernelRule rule = RuleVerifier.AllRules.OfType<KernelRule>().Single(one => one.SupportedDiagnostics[0].Id == id);

        ImmutableArray<Diagnostic> reported = await RunAsync(new SabotagedRule(rule), hasProfile: true);

        Assert.NotEmpty(reported);
        Assert.All(reported, crash =>
        {
            Assert.Equal((KernelRule.CrashId, DiagnosticSeverity.Error), (crash.Id, crash.Severity));
            Assert.StartsWith($"{id} crashed here", crash.GetMessage(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Crash_WhileRegistering_IsAnError() =>
        Assert.Equal([KernelRule.CrashId], (await RunAsync(new StillbornRule(), hasProfile: true)).Select(one => one.Id));

    [Fact]
    public async Task WithoutProfile_NothingRuns() => Assert.Empty(await RunAsync(new StillbornRule(), hasProfile: false));

    /// <summary>What Roslyn lets a rule register, no rule gets past the guard.</summary>
    [Theory]
    [InlineData(typeof(CompilationStartAnalysisContext), typeof(GuardedStart))]
    [InlineData(typeof(SymbolStartAnalysisContext), typeof(GuardedSymbolStart))]
    public void Guard_StandsBeforeEveryRegistration(Type context, Type guard) =>
        Assert.Empty(context.GetMethods()
            .Where(method => method.Name.StartsWith("Register", StringComparison.Ordinal) && method.IsVirtual)
            .Select(method => guard.GetMethods().Single(own => own.GetBaseDefinition() == method))
            .Where(method => method.DeclaringType != guard)
            .Select(method => method.ToString()));

    [Fact]
    public void EveryAnalyzer_IsAKernelRule() =>
        Assert.Equal(
            typeof(KernelRule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract),
            typeof(KernelRule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(KernelRule))));

    private static Task<ImmutableArray<Diagnostic>> RunAsync(KernelRule rule, bool hasProfile)
    {
        AnalyzerOptions lists = new(
            [new TextFile("Trusted.txt", ""), new TextFile("Layers.txt", "Atoll.Test: Atoll.Nobody"), new TextFile("Messages.shipped.txt", "")]);
        return TestPlatform.DotNet.Compile([CSharpSource.Parse(Everything)], hasProfile: hasProfile)
            .WithAnalyzers([rule], lists).GetAnalyzerDiagnosticsAsync();
    }

    // Not rules for a compiler to load, and what they register they do not want to run.
#pragma warning disable RS1001, RS1012
    private sealed class StillbornRule() : KernelRule(
        new DiagnosticDescriptor("ATL1999", "t", "m", "c", DiagnosticSeverity.Error, isEnabledByDefault: true))
    {
        private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
            throw new InvalidOperationException("at once");
    }

    /// <summary>Registers what a rule does, and each action throws.</summary>
    private sealed class SabotagedRule(KernelRule rule) : KernelRule(rule.SupportedDiagnostics[0])
    {
        private static readonly MethodInfo s_register =
            typeof(KernelRule).GetMethod(nameof(Register), BindingFlags.Instance | BindingFlags.NonPublic)!;

        private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
            s_register.Invoke(rule, [new SabotagedStart(context), profile]);
    }

    private sealed class SabotagedStart(CompilationStartAnalysisContext start)
        : CompilationStartAnalysisContext(start.Compilation, start.Options, start.CancellationToken)
    {
        public override void RegisterCompilationEndAction(Action<CompilationAnalysisContext> action) =>
            start.RegisterCompilationEndAction(static _ => throw Sabotage());

        public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) =>
            start.RegisterSemanticModelAction(static _ => throw Sabotage());

        public override void RegisterSymbolAction(Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds) =>
            start.RegisterSymbolAction(static _ => throw Sabotage(), symbolKinds);

        public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) =>
            start.RegisterCodeBlockAction(static _ => throw Sabotage());

        public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(
            Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action) =>
            start.RegisterCodeBlockStartAction<TLanguageKindEnum>(static _ => throw Sabotage());

        public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) =>
            start.RegisterSyntaxTreeAction(static _ => throw Sabotage());

        public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
            Action<SyntaxNodeAnalysisContext> action, ImmutableArray<TLanguageKindEnum> syntaxKinds) =>
            start.RegisterSyntaxNodeAction(static _ => throw Sabotage(), syntaxKinds);

        public override void RegisterOperationAction(
            Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> operationKinds) =>
            start.RegisterOperationAction(static _ => throw Sabotage(), operationKinds);

        public override void RegisterOperationBlockAction(Action<OperationBlockAnalysisContext> action) =>
            start.RegisterOperationBlockAction(static _ => throw Sabotage());

        public override void RegisterSymbolStartAction(Action<SymbolStartAnalysisContext> action, SymbolKind symbolKind) =>
            start.RegisterSymbolStartAction(static _ => throw Sabotage(), symbolKind);

        private static InvalidOperationException Sabotage() => new("sabotage");
    }
#pragma warning restore RS1001, RS1012
}
