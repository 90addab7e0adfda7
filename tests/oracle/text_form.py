"""Writes queries in the text form of the language."""

from expressions import branches_of


def body(kind, name, items):
    return f"{kind} {name} {{ {'  '.join(items)} }}"


class TextForm:
    """Writes one query. The renderer gives the expressions; it decides on spellings."""

    def __init__(self, query, renderer):
        self.query = query
        self.render = renderer
        self.statements = ["splitter S {}"]

    def branch(self, branch):
        """Writes the stages of a branch; their names in order."""
        name, stages = branch["name"], []
        if branch["filter"] is not None:
            stages.append(f"f_{name}")
            self.statements.append(
                body("filter", stages[-1], [self.render.expression(branch["filter"])]))
        if branch["group"] is not None:
            stages.append(f"g_{name}")
            self.statements.append(body("grouper", stages[-1], self.grouper(branch["group"])))
        if branch["gfilter"] is not None:
            stages.append(f"k_{name}")
            self.statements.append(
                body("groupfilter", stages[-1], [self.render.expression(branch["gfilter"])]))
        return stages

    def grouper(self, group):
        modules = [[self.render.group_term(term) for term in module] for module in group["modules"]]
        items = modules[0] if len(modules) == 1 else [
            body("module", f"g{number}", terms) for number, terms in enumerate(modules, 1)]
        items = list(items)
        if group["order"] is not None:
            items.append(f"order {group['order']}")
        if group["aggregates"]:
            items.append(f"aggregate {self.render.aggregates(group['aggregates'])}")
        return items

    def merger(self, outside):
        query = self.query
        names = [branch["name"] for branch in query["branches"]]
        inside = [name for name in names if name not in outside]
        items = [body("module", "wanted", [f"branches {', '.join(inside)}",
                                           self.render.expression(query["merge"])])]
        for number, expr in enumerate(query["except"]):
            # A branch that is listed takes part, so one without groups would leave no match.
            used = [name for name in names if name in branches_of(expr)]
            items.append(body("module", f"unwanted{number}", [f"branches {', '.join(used)}",
                                                              self.render.expression(expr)]))
        items.append("export wanted")
        items += [f"emit {query['emit']}"] if query["emit"] else []
        self.statements.append(body("merger", "M", items))

    def text(self, outside):
        """The query; outside are the branches that only exceptions name."""
        ending = ['"-"']
        if self.query["ungroup"] is not None:
            self.statements.append(f"ungrouper U {{ {'flat' if self.query['ungroup']['flat'] else ''} }}")
            ending.insert(0, "U")
        chains = []
        for branch in self.query["branches"]:
            stages = self.branch(branch)
            end = ending if self.query["merge"] is None else ["M"]
            chains.append(" -> ".join([f"S branch {branch['name']}", *stages, *end]))
        if self.query["merge"] is not None:
            self.merger(outside)
            chains.append(" -> ".join(["M", *ending]))
        return "\n".join(self.statements + ['"-" -> S', *chains]) + "\n"
