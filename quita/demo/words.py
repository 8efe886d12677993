"""Names, streets and places that the town is made of. The people are invented; so are their documents and addresses."""

from dataclasses import dataclass

FIRST_NAMES = (
    "Ana", "Adriana", "Aline", "Amanda", "Antônio", "Beatriz", "Bruno", "Caio", "Camila", "Carlos", "Cecília", "Célia",
    "Clara", "Cláudio", "Cristiane", "Daniel", "Débora", "Diego", "Edson", "Eduarda", "Eliane", "Emanuel", "Fábio",
    "Fernanda", "Flávia", "Francisco", "Gabriel", "Gisele", "Guilherme", "Helena", "Heitor", "Igor", "Inês", "Isabela",
    "Ivone", "Joana", "João", "José", "Juliana", "Júlio", "Karina", "Larissa", "Leonardo", "Letícia", "Lívia", "Lucas",
    "Luciana", "Luiz", "Manoel", "Marcelo", "Márcia", "Maria", "Mariana", "Mateus", "Miguel", "Mônica", "Natália",
    "Nélson", "Otávio", "Patrícia", "Paula", "Pedro", "Priscila", "Rafael", "Raimunda", "Regina", "Renata", "Ricardo",
    "Rita", "Roberto", "Rosângela", "Sandra", "Sebastião", "Sérgio", "Severino", "Sílvia", "Simone", "Sônia", "Tadeu",
    "Tatiana", "Teresa", "Tiago", "Valéria", "Vanessa", "Vera", "Vinícius", "Vitória", "Wagner", "Wesley", "Yasmin",
)  # fmt: skip
SURNAMES = (
    "Almeida", "Alves", "Andrade", "Araújo", "Assunção", "Barbosa", "Barros", "Batista", "Bezerra", "Borges", "Brito",
    "Campos", "Cardoso", "Carvalho", "Castro", "Cavalcanti", "Conceição", "Correia", "Costa", "Cruz", "Dantas", "Dias",
    "Duarte", "Farias", "Fernandes", "Ferreira", "Fonseca", "Freitas", "Galvão", "Gomes", "Gonçalves", "Guimarães",
    "Leite", "Lima", "Lins", "Lopes", "Macedo", "Machado", "Magalhães", "Maranhão", "Marinho", "Martins", "Medeiros",
    "Melo", "Mendes", "Monteiro", "Moraes", "Moreira", "Moura", "Nascimento", "Nogueira", "Nunes", "Oliveira",
    "Pacheco", "Paiva", "Peixoto", "Pereira", "Pinheiro", "Pinto", "Pires", "Queiroz", "Ramos", "Rêgo", "Reis",
    "Ribeiro", "Rocha",
    "Rodrigues", "Sales", "Sampaio", "Santana", "Santos", "Silva", "Silveira", "Siqueira", "Soares", "Souza", "Tavares",
    "Teixeira", "Vasconcelos", "Vieira", "Xavier",
)  # fmt: skip
TRADES = ("Padaria", "Mercadinho", "Farmácia", "Oficina", "Clínica", "Papelaria", "Restaurante", "Academia", "Escola")
SAINTS = ("Santa Rita", "São José", "Boa Vista", "Santo Amaro", "Nova Aliança", "Bom Jesus", "Santa Luzia", "São Bento")
STREETS = (
    "Rua da Aurora", "Rua do Sol", "Rua das Flores", "Rua da Harmonia", "Rua Sete de Setembro", "Rua do Futuro",
    "Rua Dom Bosco", "Rua das Palmeiras", "Avenida Brasil", "Avenida Boa Viagem", "Avenida Beira-Rio", "Rua da Matriz",
    "Rua Santa Cecília", "Rua Nova", "Travessa do Carmo", "Rua Barão do Triunfo", "Rua XV de Novembro", "Rua da Paz",
)  # fmt: skip
DISTRICTS = ("Centro", "Boa Vista", "Jardim das Flores", "Vila Nova", "São José", "Santo Antônio", "Alto da Serra")
MAIL_HOSTS = ("correio.example", "postal.example", "caixa-postal.example")


@dataclass(frozen=True)
class City:
    """A real municipality, so that its state, calendar, area code and postal codes fit together."""

    name: str
    uf: str
    ibge_code: str
    ddd: str
    postal_prefix: str


RECIFE = City("Recife", "PE", "2611606", "81", "50")
OLINDA = City("Olinda", "PE", "2609600", "81", "53")
JABOATAO = City("Jaboatão dos Guararapes", "PE", "2607901", "81", "54")
SAO_PAULO = City("São Paulo", "SP", "3550308", "11", "04")
CAMPINAS = City("Campinas", "SP", "3509502", "19", "13")
RIO = City("Rio de Janeiro", "RJ", "3304557", "21", "22")
MANAUS = City("Manaus", "AM", "1302603", "92", "69")

# Municipal holidays of the places that keep a calendar of their own in the town: (month, day, name).
MUNICIPAL_DAYS: dict[City, tuple[tuple[int, int, str], ...]] = {
    RECIFE: ((6, 24, "São João"), (7, 16, "Nossa Senhora do Carmo"), (12, 8, "Nossa Senhora da Conceição")),
    SAO_PAULO: ((1, 25, "Aniversário de São Paulo"),),
}
