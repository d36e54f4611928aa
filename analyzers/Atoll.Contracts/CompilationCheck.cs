using Atoll.Analyzers;
using Atoll.Contracts.Bodies;
using Atoll.Contracts.Callees;
using Atoll.Contracts.Library;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts;

/// <summary>Checks the members of one compilation that has opted in.</summary>
internal sealed class CompilationCheck
{
    private readonly Guarantees _forced;
    private readonly DeclaredContracts _declared;
    private readonly BodySource _bodies;
    private readonly CalleeVerdicts _callees;
    private readonly UnknownRatchet _ratchet;

    public CompilationCheck(Compilation compilation, AnalyzerOptions options, Guarantees forced, CancellationToken cancellation)
    {
        _forced = forced;
        _declared = new DeclaredContracts(forced);
        _bodies = new BodySource(compilation, cancellation);
        ContractList user = ContractList.OfUser(options.AdditionalFiles, cancellation);
        _callees = new CalleeVerdicts(compilation, _declared, _bodies, user);
        _ratchet = new UnknownRatchet(options.AdditionalFiles, cancellation);
    }

    /// <summary>Checks one member with its local functions.</summary>
    public void InspectMember(OperationBlockAnalysisContext context)
    {
        if (context.OwningSymbol is not IMethodSymbol method)
        {
            return;
        }

        DeclaredContract contract = _declared.Of(method);
        if (contract.Guarantees != Guarantees.None)
        {
            // A constructor runs the initialisers too, which are not among its blocks.
            Body? body = method.MethodKind == MethodKind.Constructor ? _bodies.Of(method) : _bodies.Read(Roots(context), method);
            Report(context, method, contract.Guarantees, body ?? Body.Empty);
            foreach ((SyntaxNode where, string type) in Leaks.Find(Roots(context)))
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.Leak, where.GetLocation(), method.Display(), contract.Guarantees.Brackets(), type));
            }
        }

        // A local function can carry a contract where its method has none.
        if (contract.Guarantees != Guarantees.None || _forced != Guarantees.None
            || OptInScan.NamesContract(context.OperationBlocks[0].Syntax.SyntaxTree, context.CancellationToken))
        {
            InspectLocalFunctions(context);
        }
    }

    /// <summary>Reports an allowance that says nothing.</summary>
    public static void InspectAllowance(SymbolAnalysisContext context)
    {
        if (DeclaredContracts.AllowanceWithoutReason(context.Symbol) is { } where)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.Reason, where, context.Symbol.Display()));
        }
    }

    /// <summary>Reports what can be said only when every member has been seen.</summary>
    public void Finish(CompilationAnalysisContext context)
    {
        _ratchet.Report(context);
        foreach (AdditionalText file in context.Options.AdditionalFiles.Where(ContractList.IsList))
        {
            string text = file.GetText(context.CancellationToken)?.ToString() ?? string.Empty;
            foreach ((Microsoft.CodeAnalysis.Text.TextLine line, string error) in ContractList.Parse(text).Errors)
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.List, FileLine.Location(file.Path, line), error));
            }
        }
    }

    private static IEnumerable<IOperation> Roots(OperationBlockAnalysisContext context) =>
        context.OperationBlocks.Where(static block => block.Kind is not (OperationKind.Attribute or OperationKind.ParameterInitializer));

    private void InspectLocalFunctions(OperationBlockAnalysisContext context)
    {
        foreach (ILocalFunctionOperation local in Roots(context).SelectMany(static root => root.DescendantsAndSelf()).OfType<ILocalFunctionOperation>())
        {
            DeclaredContract contract = _declared.Of(local.Symbol);
            if (contract.Guarantees != Guarantees.None && local.Body is { } body)
            {
                Report(context, local.Symbol, contract.Guarantees, _bodies.Read([body], local.Symbol));
            }
        }
    }

    private void Report(OperationBlockAnalysisContext context, IMethodSymbol function, Guarantees promised, Body body)
    {
        var report = new MemberReport(function, promised, context.ReportDiagnostic);
        foreach (Deed deed in body.Deeds)
        {
            report.Add(deed.Breaks & promised, deed.Rule, deed.Syntax, deed.What);
        }

        if (function.IsAsync)
        {
            Deed async = BodySource.AsyncDeed(function.DeclaringSyntaxReferences[0].GetSyntax(context.CancellationToken));
            report.AddAt(async.Breaks & promised, function.Locations[0], async.What);
        }

        foreach (CallSite call in body.Calls)
        {
            ReportCall(report, function, promised, call);
        }

        _ratchet.Settle(function, report);
    }

    private void ReportCall(MemberReport report, IMethodSymbol function, Guarantees promised, CallSite call)
    {
        foreach ((Guarantees guarantee, _, _) in GuaranteeNames.Each)
        {
            if ((promised & guarantee) == 0)
            {
                continue;
            }

            if (guarantee == Guarantees.NoRecursion && _callees.PathBack(call, function.Body()) is { } path)
            {
                report.Add(guarantee, Rules.Recursion, call.Syntax, path);
                continue;
            }

            Outcome outcome = _callees.Of(call, guarantee);
            if (outcome.Verdict == Verdict.Broken)
            {
                report.Add(guarantee, Rules.OfCall(guarantee), call.Syntax, outcome.Why);
            }
            else if (outcome.Verdict == Verdict.Unknown)
            {
                report.Add(guarantee, Rules.Unknown, call.Syntax, outcome.Why);
            }
        }
    }
}
